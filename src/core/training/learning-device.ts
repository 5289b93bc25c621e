import type { LearnRequest } from './worker-messages.ts';

/** Multiplications of a step below which no GPU is asked: starting its kernels alone takes as long. */
const LEAST_STEP_WORK = 2_000_000;

/** What a run says of the device that it learned on. */
export interface DeviceRecord {
  readonly device: string;
  readonly reason: string;
}

const ON_GRAPHICS = 'webgpu: ';

export const onCpu = (reason: string): DeviceRecord => ({ device: 'cpu', reason });

export const onGraphics = (adapter: string, reason: string): DeviceRecord => ({
  device: `${ON_GRAPHICS}${adapter}`,
  reason,
});

/** The adapter of a device that is a GPU. */
export const adapterOf = (record: DeviceRecord | null): string | undefined =>
  record?.device.startsWith(ON_GRAPHICS) === true ? record.device.slice(ON_GRAPHICS.length) : undefined;

export const deviceTags = ({ device, reason }: DeviceRecord): Record<string, string> => ({
  device,
  deviceReason: reason,
});

/** What a run says; null for one that says nothing of a device. */
export function deviceOf({ device, deviceReason }: Readonly<Record<string, string>>): DeviceRecord | null {
  return device === undefined ? null : { device, reason: deviceReason ?? '' };
}

/** Whether a GPU may be asked at all for a network; the reason where it is not. */
export function refusedAtOnce({ learner, train, featureNames, classes }: LearnRequest): string | null {
  if (learner.kind !== 'mlp') return 'This learner uses the CPU alone.';
  if (learner.device === 'cpu') return 'The definition says so.';
  if (learner.device === 'webgpu') return null;
  const sizes = [featureNames.length, ...learner.hidden, classes?.length ?? 1];
  const perRow = sizes.slice(1).reduce((sum, units, index) => sum + units * sizes[index]!, 0);
  const work = 3 * perRow * Math.min(train, learner.batchRows);
  return work < LEAST_STEP_WORK ? 'The network is too small for a GPU to help.' : null;
}

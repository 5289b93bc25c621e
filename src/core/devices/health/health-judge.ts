import { isDeepStrictEqual } from 'node:util';
import type {
  DeviceHealth,
  DeviceMessage,
  HealthChange,
  KernelEvent,
} from '../../../shared/contract/types.ts';
import { deviceMessage } from '../device-messages.ts';
import type { FoundDevice } from '../found-device.ts';
import { assessHealth } from './assess-health.ts';
import { NO_FIGURES } from './health-figures.ts';
import type { Absence } from './known-devices.ts';
import { worseHealth } from './worse-health.ts';

export interface JudgedDevices {
  readonly devices: readonly FoundDevice[];
  readonly absent: ReadonlyMap<string, Absence>;
  /** Null when the kernel's log cannot be read. */
  readonly events: readonly KernelEvent[] | null;
  readonly provedAtMs: (device: FoundDevice) => number | null;
  readonly nowMs: number;
}

/** The health of every device by its id. A slice is as well as its card: they share memory, clocks and bus. */
export function judgeHealth(judged: JudgedDevices): ReadonlyMap<string, DeviceHealth> {
  const { devices, absent, events, provedAtMs, nowMs } = judged;
  const health = new Map<string, DeviceHealth>();
  for (const device of devices) {
    const card = device.parent === null ? undefined : health.get(device.parent);
    health.set(
      device.id,
      card ??
        assessHealth({
          figures: device.health ?? NO_FIGURES,
          events: events?.filter(({ pciAddress }) => pciAddress === device.pciAddress) ?? null,
          absence: absent.get(device.id) ?? null,
          provedAtMs: provedAtMs(device),
          nowMs,
        }),
    );
  }
  return health;
}

/** What became worse since the look before; a device that is seen for the first time is no news. */
export function worseDevices(
  devices: readonly FoundDevice[],
  before: ReadonlyMap<string, DeviceHealth>,
  now: ReadonlyMap<string, DeviceHealth>,
  atMs: number,
): readonly HealthChange[] {
  return devices.flatMap((device) => {
    const [earlier, later] = [before.get(device.id), now.get(device.id)];
    if (device.parent !== null || earlier === undefined || later === undefined) return [];
    return worseHealth(device, earlier, later, atMs) ?? [];
  });
}

/** A sentence for each address that the kernel tells of in error and where no device was found. */
export function strayErrors(
  devices: readonly FoundDevice[],
  events: readonly KernelEvent[] | null,
): DeviceMessage[] {
  const found = new Set(devices.map(({ pciAddress }) => pciAddress));
  const strays = new Map(
    (events ?? [])
      .filter(({ severity, pciAddress }) => severity === 'failed' && !found.has(pciAddress))
      .map(({ pciAddress, text }) => [pciAddress, text]),
  );
  return [...strays].map(([address, said]) => deviceMessage('strayError', { address, said }));
}

/** Whether a page that shows the devices shows something else than is so now. */
export const isOtherHealth = (
  before: ReadonlyMap<string, DeviceHealth>,
  now: ReadonlyMap<string, DeviceHealth>,
): boolean =>
  before.size > 0 &&
  !isDeepStrictEqual(
    [...before].map(([id, { state, causes }]) => [id, state, causes]),
    [...now].map(([id, { state, causes }]) => [id, state, causes]),
  );

import type { JobNeeds } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { couldEverFit, type GpuSlot } from './free-slots.ts';

/** Why this machine can never give the GPUs that are asked for; null when it can, once they are free. */
export function gpuShortage(
  slots: readonly GpuSlot[],
  { gpus, gpuMemoryBytes }: Pick<JobNeeds, 'gpus' | 'gpuMemoryBytes'>,
): FalajError | null {
  const fitting = slots.filter((slot) => couldEverFit(slot, gpuMemoryBytes)).length;
  if (fitting >= gpus) return null;
  const failed = slots.filter(({ isFailed }) => isFailed).length;
  const large = fitting < slots.length - failed ? ' that are large enough' : '';
  const broken = failed === 0 ? '' : `; ${failed} more ${failed === 1 ? 'has' : 'have'} failed`;
  return new FalajError(
    'DEVICE_UNAVAILABLE',
    `${gpus} GPUs were asked for; this machine has ${fitting}${large}${broken}.`,
    { hint: failed === 0 ? 'See `falaj devices`.' : 'See `falaj devices --health`.' },
  );
}

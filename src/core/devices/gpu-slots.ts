import type { DeviceReport } from '../../shared/contract/types.ts';
import type { GpuSlot } from '../jobs/index.ts';

/** What CUDA programs can be given: cards, and of a card that is cut into slices (MIG) its slices only. Failed ones are named as such. */
export function gpuSlots({ accelerators }: Pick<DeviceReport, 'accelerators'>): GpuSlot[] {
  const cut = new Set(accelerators.map(({ parent }) => parent));
  return accelerators
    .filter(({ kind, id, software }) => kind === 'cuda' && !software && !cut.has(id))
    .map(({ id, memoryTotalBytes, memoryFreeBytes, health }) => ({
      id,
      memoryTotalBytes,
      memoryFreeBytes,
      isFailed: health.state === 'failed',
    }));
}

import type { DeviceMessage } from '../../shared/contract/types.ts';
import { deviceMessage } from './device-messages.ts';

/** Variables that hide or reorder devices for every program started from here. */
const HIDING_VARIABLES = [
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  'GPU_DEVICE_ORDINAL',
  'ONEAPI_DEVICE_SELECTOR',
  'ZE_AFFINITY_MASK',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** One sentence for each variable that limits what programs may see; the values are respected. */
export function environmentWarnings(environment: Environment): readonly DeviceMessage[] {
  return HIDING_VARIABLES.flatMap((name) => {
    const value = environment[name];
    // "all" is what container images set, and hides nothing.
    if (value === undefined || (name === 'NVIDIA_VISIBLE_DEVICES' && value === 'all')) return [];
    return [deviceMessage('variableHides', { name, value })];
  });
}

/**
 * Whether `CUDA_VISIBLE_DEVICES` lets a program see a device: by index in PCI order, or by the start of a UUID. An entry
 * that means nothing ends the list, as the CUDA programming guide says.
 */
export function isVisibleToCuda(
  environment: Environment,
  device: { readonly id: string; readonly index: number | null; readonly parent: string | null },
): boolean {
  const value = environment['CUDA_VISIBLE_DEVICES'];
  if (value === undefined) return true;
  for (const entry of value.split(',').map((part) => part.trim())) {
    if (/^\d+$/.test(entry)) {
      if (device.parent === null && Number(entry) === device.index) return true;
    } else if (/^(?:GPU|MIG)-/i.test(entry)) {
      if ([device.id, device.parent ?? ''].some((id) => id.toLowerCase().startsWith(entry.toLowerCase())))
        return true;
    } else {
      return false;
    }
  }
  return false;
}

import { deviceMessage, quoted } from './device-messages.ts';
import { countDevices, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import type { Surroundings } from './surroundings.ts';
import { normalisePciAddress } from './values.ts';

const PROBE = 'systeminformation';

const KINDS = [
  [/nvidia/i, 'NVIDIA', 'cuda'],
  [/amd|advanced micro|ati\b/i, 'AMD', 'rocm'],
  [/intel/i, 'Intel', 'oneapi'],
  [/apple/i, 'Apple', 'metal'],
] as const;

export interface ListedController {
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly busAddress?: string | undefined;
  readonly driverVersion?: string | undefined;
}

/** Controllers as the systeminformation package lists them. Its memory is not taken: on Linux it is the prefetch window. */
export function fromControllers(controllers: readonly ListedController[]): ProbeFinding {
  const devices = controllers.flatMap((controller, position) => {
    const kind = KINDS.find(([pattern]) =>
      pattern.test(`${controller.vendor ?? ''} ${controller.model ?? ''}`),
    );
    if (!kind) return [];
    const pciAddress = normalisePciAddress(controller.busAddress);
    return [
      foundDevice({
        id: pciAddress ?? `listed-${position}-${kind[1].toLowerCase()}`,
        kind: kind[2],
        vendor: kind[1],
        name: controller.model || `${kind[1]} graphics`,
        pciAddress,
        driverVersion: controller.driverVersion || null,
        sources: [PROBE],
      }),
    ];
  });
  return devices.length === 0
    ? finding(PROBE, 'none', deviceMessage('controllersWithoutCompute', { count: controllers.length }))
    : finding(PROBE, 'found', countDevices(devices.length), devices);
}

/** The last resort, for it blocks while it asks NVIDIA's tool: only run when no other probe could say anything. */
export async function probeSystemInformation(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform !== process.platform)
    return finding(PROBE, 'unavailable', deviceMessage('otherSystem'));
  try {
    const { graphics } = await import('systeminformation');
    return fromControllers((await graphics()).controllers);
  } catch (error) {
    return finding(PROBE, 'failed', quoted(error instanceof Error ? error.message : String(error)));
  }
}

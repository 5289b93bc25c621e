import type { Accelerator, DeviceMessage, ProbeReport } from '../../shared/contract/types.ts';
import { deviceMessage, englishText } from './device-messages.ts';
import type { HealthFigures } from './health/health-figures.ts';

/** A device as one probe saw it: the contract's fields, and what joins it to other probes' sightings. */
export interface FoundDevice
  extends Omit<Accelerator, 'verified' | 'reason' | 'messages' | 'sources' | 'health'> {
  /** Normalised `dddd:bb:dd.f`; null where the source does not say (Windows, Apple, slices). */
  readonly pciAddress: string | null;
  /** NVIDIA's index, which `CUDA_VISIBLE_DEVICES` counts in PCI order; null elsewhere. */
  readonly index: number | null;
  /** Split into slices: the slices are the targets, not this. */
  readonly split: boolean;
  /** Null where the source tells nothing of it. */
  readonly health: HealthFigures | null;
  readonly sources: readonly string[];
}

export interface ProbeFinding {
  readonly report: ProbeReport;
  readonly devices: readonly FoundDevice[];
}

const UNKNOWN_DEVICE: Omit<FoundDevice, 'id' | 'kind' | 'vendor' | 'name' | 'sources'> = {
  parent: null,
  memoryTotalBytes: null,
  memoryFreeBytes: null,
  unifiedMemory: false,
  utilization: null,
  temperatureCelsius: null,
  powerWatts: null,
  powerLimitWatts: null,
  driverVersion: null,
  computeCapability: null,
  software: false,
  pciAddress: null,
  index: null,
  split: false,
  health: null,
};

/** A device of which only the given fields are known. */
export function foundDevice(
  known: Pick<FoundDevice, 'id' | 'kind' | 'vendor' | 'name' | 'sources'> & Partial<FoundDevice>,
): FoundDevice {
  return { ...UNKNOWN_DEVICE, ...known };
}

export function finding(
  probe: string,
  outcome: ProbeReport['outcome'],
  said: DeviceMessage | readonly DeviceMessage[],
  devices: readonly FoundDevice[] = [],
): ProbeFinding {
  const messages = [said].flat();
  return { report: { probe, outcome, detail: englishText(messages), messages }, devices };
}

/** `1 device.` or `3 devices.` */
export const countDevices = (count: number): DeviceMessage => deviceMessage('found', { count });

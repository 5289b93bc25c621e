import type { ProbeReport } from '../../../shared/contract/types.ts';
import type { FoundDevice, ProbeFinding } from '../found-device.ts';
import { NO_FIGURES } from './health-figures.ts';

export type Absence = 'vanished' | 'driverSilent';

/** Sources that know a device by its driver. The bus lists a card also when its driver has lost it. */
const isDriver = (source: string): boolean => source !== 'pci' && source !== 'systeminformation';

export interface Sighting {
  readonly devices: readonly FoundDevice[];
  /** Why a device that is listed is not there; by its id. */
  readonly absent: ReadonlyMap<string, Absence>;
}

/** Devices that were once there: one that is lost stays in the list, as lost. */
export class KnownDevices {
  readonly #seen = new Map<string, FoundDevice>();

  /** The devices now, with those that went away. */
  see(devices: readonly FoundDevice[], findings: readonly ProbeFinding[]): Sighting {
    const present = new Set(devices.filter(({ sources }) => sources.some(isDriver)).map(({ id }) => id));
    const gone = [...this.#seen.values()].filter(({ id }) => !present.has(id));
    for (const device of devices) {
      // Slices are made and removed by people.
      if (device.parent === null && present.has(device.id)) this.#seen.set(device.id, device);
    }
    const lostAddresses = new Set(gone.map(({ pciAddress }) => pciAddress).filter(Boolean));
    return {
      devices: [
        ...devices.filter(({ id, pciAddress }) => present.has(id) || !lostAddresses.has(pciAddress)),
        ...gone.map(asLost),
      ],
      absent: new Map(gone.map((device) => [device.id, absenceOf(device, findings)])),
    };
  }

  /** A person looks anew: what is gone is gone. */
  forget(): void {
    this.#seen.clear();
  }
}

/** What was measured is over; what it is stays. */
const asLost = (device: FoundDevice): FoundDevice => ({
  ...device,
  memoryFreeBytes: null,
  utilization: null,
  temperatureCelsius: null,
  powerWatts: null,
  health: NO_FIGURES,
});

function absenceOf(device: FoundDevice, findings: readonly ProbeFinding[]): Absence {
  const reports: readonly ProbeReport[] = findings.map(({ report }) => report);
  const answered = reports.some(
    ({ probe, outcome }) =>
      device.sources.includes(probe) && isDriver(probe) && (outcome === 'found' || outcome === 'none'),
  );
  return answered ? 'vanished' : 'driverSilent';
}

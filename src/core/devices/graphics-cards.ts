import { join } from 'node:path';
import { linkName, listNames, readText, readTrimmed } from './fact-files.ts';
import { normalisePciAddress } from './values.ts';

/** A node SYS/class/drm/cardN with its device folder. */
export interface GraphicsCard {
  readonly node: string;
  readonly cardFolder: string;
  readonly deviceFolder: string;
  /** PCI vendor and device as `0x1002`, lower case; null when they cannot be read. */
  readonly vendor: string | null;
  readonly device: string | null;
  readonly pciAddress: string | null;
  readonly driver: string | null;
}

/** Cards of the kernel's direct rendering manager; null where there is no such folder. */
export async function listGraphicsCards(sysRoot: string): Promise<readonly GraphicsCard[] | null> {
  const folder = join(sysRoot, 'class/drm');
  const names = await listNames(folder);
  if (names === null) return null;
  const cards: GraphicsCard[] = [];
  // `card0-DP-1` are connectors.
  for (const node of names.filter((name) => /^card\d+$/.test(name))) {
    const cardFolder = join(folder, node);
    const deviceFolder = join(cardFolder, 'device');
    const events = (await readText(join(deviceFolder, 'uevent'))) ?? '';
    cards.push({
      node,
      cardFolder,
      deviceFolder,
      vendor: (await readTrimmed(join(deviceFolder, 'vendor')))?.toLowerCase() ?? null,
      device: (await readTrimmed(join(deviceFolder, 'device')))?.toLowerCase() ?? null,
      pciAddress: normalisePciAddress(
        /^PCI_SLOT_NAME=(.+)$/m.exec(events)?.[1] ?? (await linkName(deviceFolder)) ?? undefined,
      ),
      driver: /^DRIVER=(.+)$/m.exec(events)?.[1]?.trim() ?? (await linkName(join(deviceFolder, 'driver'))),
    });
  }
  return cards;
}

/** Sensors of a card (hwmon ABI: millidegrees, microwatts). */
export async function readCardSensors(deviceFolder: string): Promise<{
  readonly temperatureCelsius: number | null;
  readonly powerWatts: number | null;
  readonly powerLimitWatts: number | null;
}> {
  const folder = join(deviceFolder, 'hwmon');
  const read = async (...names: readonly string[]): Promise<number | null> => {
    for (const sensor of (await listNames(folder)) ?? []) {
      for (const name of names) {
        const text = await readTrimmed(join(folder, sensor, name));
        if (text !== null && /^\d+$/.test(text)) return Number(text);
      }
    }
    return null;
  };
  const scaled = (value: number | null, divisor: number): number | null =>
    value === null ? null : value / divisor;
  return {
    temperatureCelsius: scaled(await read('temp1_input', 'temp2_input'), 1e3),
    powerWatts: scaled(await read('power1_average', 'power1_input'), 1e6),
    powerLimitWatts: scaled(await read('power1_cap'), 1e6),
  };
}

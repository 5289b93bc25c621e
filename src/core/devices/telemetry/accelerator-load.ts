import { join } from 'node:path';
import type { TelemetrySample } from '../../../shared/contract/types.ts';
import { AMD_VENDOR } from '../amd-probe.ts';
import { readInteger } from '../fact-files.ts';
import { type GraphicsCard, readCardSensors } from '../graphics-cards.ts';
import { readThrottling } from '../health/card-figures.ts';
import { throttleText, WATCHED_FIELDS } from '../health/nvidia-figures.ts';
import { decodeNvidiaThrottling } from '../health/throttle-reasons.ts';
import { fraction, mebibytes, parseQuantity } from '../values.ts';

export type AcceleratorLoad = TelemetrySample['accelerators'][number];

/** What the long-lived `nvidia-smi` prints every second; the identity comes first. */
export const NVIDIA_LOAD_FIELDS = [
  'uuid',
  'utilization.gpu',
  'memory.used',
  'power.draw',
  'temperature.gpu',
  ...WATCHED_FIELDS,
] as const;

/** One line of it. Null for a line that is not a row. */
export function parseNvidiaLoad(line: string, fields: readonly string[]): AcceleratorLoad | null {
  const cells = line.split(',').map((cell) => cell.trim());
  const cell = (field: string): string | undefined => cells[fields.indexOf(field)];
  const id = cell('uuid');
  if (id === undefined || !/^GPU-[0-9a-f-]{36}$/i.test(id)) return null;
  return {
    id,
    utilization: fraction(parseQuantity(cell('utilization.gpu'))),
    memoryUsedBytes: mebibytes(parseQuantity(cell('memory.used'))),
    powerWatts: parseQuantity(cell('power.draw')),
    temperatureCelsius: parseQuantity(cell('temperature.gpu')),
    throttleReasons: decodeNvidiaThrottling(
      throttleText(new Map(fields.map((field, position) => [field, cells[position] ?? '']))),
    ),
  };
}

/** What of a line must not change while all is well. */
export const nvidiaAlarm = (line: string, fields: readonly string[]): string =>
  line
    .split(',')
    .filter((_, position) => isAlarm(fields[position]))
    .map((cell) => cell.trim())
    .join(' ');

const isAlarm = (field: string | undefined): boolean =>
  field === 'gpu_recovery_action' || field === 'ecc.errors.uncorrected.volatile.total';

/** Load of a card that sysfs shows. Intel's drivers have no counter of busy time there. */
export async function readCardLoad(card: GraphicsCard): Promise<AcceleratorLoad> {
  const amd = card.vendor === AMD_VENDOR;
  const { temperatureCelsius, powerWatts } = await readCardSensors(card.deviceFolder);
  return {
    id: card.pciAddress ?? `${amd ? 'amd' : 'intel'}-${card.node}`,
    utilization: amd ? fraction(await readInteger(join(card.deviceFolder, 'gpu_busy_percent'))) : null,
    memoryUsedBytes: amd ? await readInteger(join(card.deviceFolder, 'mem_info_vram_used')) : null,
    powerWatts,
    temperatureCelsius,
    throttleReasons: amd ? (await readThrottling(card.deviceFolder)).reasons : null,
  };
}

import { type FoundDevice, foundDevice } from './found-device.ts';
import { HEALTH_FIELDS, nvidiaFigures } from './health/nvidia-figures.ts';
import {
  fraction,
  isStatedAbsent,
  mebibytes,
  normalisePciAddress,
  parseLabel,
  parseQuantity,
} from './values.ts';

/** What is asked of `nvidia-smi --query-gpu`, index first: a line that does not begin with a number is not a row. */
export const GPU_FIELDS = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'memory.total',
  'memory.used',
  'memory.free',
  'utilization.gpu',
  'temperature.gpu',
  'power.draw',
  'power.limit',
  'compute_cap',
  'driver_version',
  'mig.mode.current',
  ...HEALTH_FIELDS,
] as const;

/** Fields that every driver of the last ten years knows; asked when the list of fields cannot be read. */
export const OLDEST_GPU_FIELDS = [
  'index',
  'uuid',
  'name',
  'pci.bus_id',
  'memory.total',
  'memory.used',
  'memory.free',
  'utilization.gpu',
  'temperature.gpu',
  'driver_version',
] as const;

/** Names in quotes at the start of a line of `nvidia-smi --help-query-gpu`, aliases included (`"uuid" or "gpu_uuid"`). */
export function parseSupportedFields(help: string): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const line of help.split('\n')) {
    if (!line.startsWith('"')) continue;
    for (const match of line.matchAll(/"([A-Za-z0-9_.]+)"/g)) fields.add(match[1]!);
  }
  return fields;
}

/** The field that `nvidia-smi` refused: one unknown field fails the whole query. */
export function parseRefusedField(output: string): string | null {
  return /Field "([^"]+)" is not a valid field/i.exec(output)?.[1] ?? null;
}

const GPU_UUID = /^GPU-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** One row of the CSV as a device. A field that is cut off or not a number is no value; the device stays. */
function parseGpuRow(
  row: ReadonlyMap<string, string>,
  host: { readonly totalBytes: number; readonly availableBytes: number },
  slowdownCelsius: ReadonlyMap<string, number>,
): FoundDevice {
  const index = Number(row.get('index'));
  const uuid = row.get('uuid')?.trim() ?? '';
  const pciAddress = normalisePciAddress(row.get('pci.bus_id'));
  const total = mebibytes(parseQuantity(row.get('memory.total')));
  const used = mebibytes(parseQuantity(row.get('memory.used')));
  // A card that says that it has no memory of its own shares the host's (GB10, DGX Spark).
  const unifiedMemory = total === null && isStatedAbsent(row.get('memory.total'));
  const free = mebibytes(parseQuantity(row.get('memory.free')));
  return foundDevice({
    id: GPU_UUID.test(uuid) ? uuid : (pciAddress ?? `nvidia-${index}`),
    kind: 'cuda',
    vendor: 'NVIDIA',
    name: parseLabel(row.get('name')) ?? 'NVIDIA device',
    pciAddress,
    index,
    split: /^\s*Enabled\s*$/i.test(row.get('mig.mode.current') ?? ''),
    memoryTotalBytes: unifiedMemory ? host.totalBytes : total,
    memoryFreeBytes: unifiedMemory
      ? host.availableBytes
      : (free ?? (total === null || used === null ? null : Math.max(0, total - used))),
    unifiedMemory,
    utilization: fraction(parseQuantity(row.get('utilization.gpu'))),
    temperatureCelsius: parseQuantity(row.get('temperature.gpu')),
    powerWatts: parseQuantity(row.get('power.draw')),
    powerLimitWatts: parseQuantity(row.get('power.limit')),
    driverVersion: parseLabel(row.get('driver_version')),
    computeCapability: parseLabel(row.get('compute_cap')),
    health: nvidiaFigures(row, slowdownCelsius.get(pciAddress ?? '') ?? null),
    sources: ['nvidia-smi'],
  });
}

/** Rows of `--query-gpu=FIELDS --format=csv,noheader[,nounits]`; lines of any other kind (warnings) are left out. */
export function parseGpuRows(
  output: string,
  fields: readonly string[],
  host: { readonly totalBytes: number; readonly availableBytes: number },
  slowdownCelsius: ReadonlyMap<string, number> = new Map(),
): readonly FoundDevice[] {
  const devices: FoundDevice[] = [];
  for (const line of output.split(/\r?\n/)) {
    if (!/^\s*\d+\s*(?:,|$)/.test(line)) continue;
    const cells = line.split(',');
    devices.push(
      parseGpuRow(
        new Map(fields.map((field, position) => [field, cells[position]?.trim() ?? ''])),
        host,
        slowdownCelsius,
      ),
    );
  }
  return devices;
}

export interface ComputeApp {
  readonly gpuUuid: string;
  readonly pid: number;
  readonly memoryBytes: number | null;
  readonly name: string | null;
}

export const COMPUTE_APP_FIELDS = ['gpu_uuid', 'pid', 'used_gpu_memory', 'process_name'] as const;

/** Rows of `--query-compute-apps`; the name comes last, for a path may hold commas. */
export function parseComputeApps(output: string): readonly ComputeApp[] {
  const apps: ComputeApp[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = /^\s*(GPU-[0-9a-f-]+)\s*,\s*(\d+)\s*(?:,\s*([^,]*)(?:,\s*(.*))?)?$/i.exec(line);
    if (!match) continue;
    apps.push({
      gpuUuid: match[1]!,
      pid: Number(match[2]),
      memoryBytes: mebibytes(parseQuantity(match[3])),
      name: parseLabel(match[4]),
    });
  }
  return apps;
}

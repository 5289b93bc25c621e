import { join } from 'node:path';
import { deviceMessage } from './device-messages.ts';
import { listNames, readInteger, readText, readTrimmed } from './fact-files.ts';
import { countDevices, type FoundDevice, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import { type GraphicsCard, listGraphicsCards, readCardSensors } from './graphics-cards.ts';
import { amdFigures } from './health/card-figures.ts';
import type { Surroundings } from './surroundings.ts';
import { fraction, normalisePciAddress } from './values.ts';

const PROBE = 'amd-sysfs';
export const AMD_VENDOR = '0x1002';

/** A GPU node of the compute driver's topology. */
export interface ComputeNode {
  readonly pciAddress: string | null;
  /** Such as `gfx1100`. */
  readonly target: string | null;
  readonly name: string | null;
  /** The node has CPU cores too: one memory for both. */
  readonly unified: boolean;
  readonly memoryBytes: number | null;
}

/** `110001` (major × 10000 + minor × 100 + step) to `gfx1101`: the step and the minor are hexadecimal digits. */
export function formatTarget(version: number): string | null {
  if (version <= 0) return null;
  const [major, minor, step] = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100];
  return `gfx${major}${minor.toString(16)}${step.toString(16)}`;
}

/** One `properties` file of SYS/class/kfd/kfd/topology/nodes; null for a node without a GPU. */
export function parseComputeNode(
  properties: string,
  name: string | null,
): Omit<ComputeNode, 'memoryBytes'> | null {
  const value = (key: string): number =>
    Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(properties)?.[1] ?? Number.NaN);
  if (!(value('simd_count') > 0)) return null;
  const location = value('location_id');
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
  const domain = value('domain') || 0;
  return {
    pciAddress: Number.isInteger(location)
      ? normalisePciAddress(
          `${hex(domain, 4)}:${hex((location >> 8) & 255, 2)}:${hex((location >> 3) & 31, 2)}.${location & 7}`,
        )
      : null,
    target: formatTarget(value('gfx_target_version') || 0),
    name,
    unified: value('cpu_cores_count') > 0,
  };
}

async function readComputeNodes(sysRoot: string): Promise<readonly ComputeNode[]> {
  const folder = join(sysRoot, 'class/kfd/kfd/topology/nodes');
  const nodes: ComputeNode[] = [];
  for (const number of (await listNames(folder)) ?? []) {
    const properties = await readText(join(folder, number, 'properties'));
    const node = properties && parseComputeNode(properties, await readTrimmed(join(folder, number, 'name')));
    if (!node) continue;
    const bank = await readText(join(folder, number, 'mem_banks/0/properties'));
    const size = /^size_in_bytes (\d+)$/m.exec(bank ?? '');
    nodes.push({ ...node, memoryBytes: size ? Number(size[1]) : null });
  }
  return nodes;
}

async function describeCard(
  card: GraphicsCard,
  node: ComputeNode | undefined,
  driverVersion: string | null,
): Promise<FoundDevice> {
  const file = (name: string): string => join(card.deviceFolder, name);
  const [video, videoUsed, shared, sharedUsed] = await Promise.all([
    readInteger(file('mem_info_vram_total')),
    readInteger(file('mem_info_vram_used')),
    readInteger(file('mem_info_gtt_total')),
    readInteger(file('mem_info_gtt_used')),
  ]);
  const unifiedMemory = node?.unified ?? false;
  // On a chip with its own CPU cores the video part is a small carve-out; what it may use is both together.
  const total =
    unifiedMemory && video !== null && shared !== null
      ? video + shared
      : (video ?? node?.memoryBytes ?? null);
  const used =
    unifiedMemory && videoUsed !== null && sharedUsed !== null ? videoUsed + sharedUsed : videoUsed;
  const sensors = await readCardSensors(card.deviceFolder);
  return foundDevice({
    id: card.pciAddress ?? `amd-${card.node}`,
    kind: 'rocm',
    vendor: 'AMD',
    name:
      (await readTrimmed(file('product_name'))) ??
      (node?.name ? `AMD ${node.name}` : `AMD graphics ${card.device ?? ''}`.trim()),
    pciAddress: card.pciAddress,
    memoryTotalBytes: total,
    memoryFreeBytes: total === null || used === null ? null : Math.max(0, total - used),
    unifiedMemory,
    utilization: fraction(await readInteger(file('gpu_busy_percent'))),
    ...sensors,
    driverVersion: driverVersion ?? card.driver,
    computeCapability: node?.target ?? null,
    health: await amdFigures(card),
    sources: node ? [PROBE, 'amd-kfd'] : [PROBE],
  });
}

/** AMD devices from sysfs alone: the vendor's tools changed their output too often to lean on. */
export async function probeAmd(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform !== 'linux') return finding(PROBE, 'unavailable', deviceMessage('sysfsElsewhere'));
  const cards = await listGraphicsCards(around.sysRoot);
  if (cards === null) return finding(PROBE, 'unavailable', deviceMessage('noGraphicsSubsystem'));
  const own = cards.filter((card) => card.vendor === AMD_VENDOR);
  if (own.length === 0)
    return finding(PROBE, 'none', deviceMessage('cardsOfOthers', { count: cards.length, vendor: 'AMD' }));
  const nodes = await readComputeNodes(around.sysRoot);
  const driverVersion = await readTrimmed(join(around.sysRoot, 'module/amdgpu/version'));
  const devices: FoundDevice[] = [];
  for (const card of own) {
    const node = nodes.find(
      (candidate) => candidate.pciAddress !== null && candidate.pciAddress === card.pciAddress,
    );
    devices.push(await describeCard(card, node, driverVersion));
  }
  return finding(PROBE, 'found', countDevices(devices.length), devices);
}

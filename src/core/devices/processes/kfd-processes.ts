import { join } from 'node:path';
import { parseComputeNode } from '../amd-probe.ts';
import { listNames, readInteger, readText } from '../fact-files.ts';
import type { FoundDevice } from '../found-device.ts';
import type { DeviceUse } from './device-use.ts';

const FOLDER = 'class/kfd/kfd';

/** Ids of the compute driver's own for AMD's cards, by PCI address. */
async function computeIds(sysRoot: string): Promise<ReadonlyMap<string, number>> {
  const nodes = join(sysRoot, FOLDER, 'topology/nodes');
  const ids = new Map<string, number>();
  for (const node of (await listNames(nodes)) ?? []) {
    const [properties, id] = await Promise.all([
      readText(join(nodes, node, 'properties')),
      readInteger(join(nodes, node, 'gpu_id')),
    ]);
    const pciAddress = parseComputeNode(properties ?? '', null)?.pciAddress;
    if (pciAddress && id !== null && id > 0) ids.set(pciAddress, id);
  }
  return ids;
}

/**
 * Programs that compute with ROCm, of whatever user: SYS/class/kfd/kfd/proc/PID/vram_ID, which everybody may read. What programs
 * do with graphics alone is not in it.
 */
export async function readKfdProcesses(
  sysRoot: string,
  devices: readonly FoundDevice[],
): Promise<readonly DeviceUse[]> {
  const folder = join(sysRoot, FOLDER, 'proc');
  const pids = ((await listNames(folder)) ?? []).filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return [];
  const ids = await computeIds(sysRoot);
  const uses = await Promise.all(
    pids.flatMap((pid) =>
      devices.map(async ({ id, pciAddress }): Promise<DeviceUse[]> => {
        const computeId = ids.get(pciAddress ?? '');
        if (computeId === undefined) return [];
        const memoryBytes = await readInteger(join(folder, pid, `vram_${computeId}`));
        // A program opens every card and may use one of them.
        return memoryBytes === null || memoryBytes === 0
          ? []
          : [{ device: id, pid: Number(pid), name: null, memoryBytes, utilization: null }];
      }),
    ),
  );
  return uses.flat();
}

/** What two sources say of the same process on the same device, once: each may leave out what the other counts. */
export function joinUses(first: readonly DeviceUse[], second: readonly DeviceUse[]): DeviceUse[] {
  const keyOf = ({ device, pid }: DeviceUse): string => `${device} ${pid}`;
  const others = new Map(second.map((use) => [keyOf(use), use]));
  const joined = first.map((use) => {
    const other = others.get(keyOf(use));
    if (other === undefined) return use;
    others.delete(keyOf(use));
    return { ...use, memoryBytes: Math.max(use.memoryBytes ?? 0, other.memoryBytes ?? 0) };
  });
  return [...joined, ...others.values()];
}

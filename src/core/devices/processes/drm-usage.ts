import { normalisePciAddress } from '../values.ts';

/** What one file of PROC/PID/fdinfo tells of a client of a graphics driver. */
export interface DrmUsage {
  readonly pciAddress: string;
  /** The same client may be open under several numbers, and in several processes. */
  readonly client: string;
  /** Memory by region, such as `vram` or `system0`. */
  readonly memoryBytes: ReadonlyMap<string, number>;
  /** Work of each engine so far, and how much it could have been: of time, or of the driver's own cycles. */
  readonly engines: ReadonlyMap<string, EngineWork>;
}

export interface EngineWork {
  readonly done: number;
  /** The engine's own measure of all it could have done; null where work is counted in nanoseconds of the clock. */
  readonly possible: number | null;
  readonly capacity: number;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Of the same memory: `resident` is what is really taken; `memory` is its older name; `total` what was asked for. */
const MEMORY_KEYS = ['resident', 'memory', 'total'] as const;

/**
 * One client's use, by the kernel's own names (docs.kernel.org/gpu/drm-usage-stats.html); null for a file of any other kind, and
 * for a client without an address, which cannot be told from others.
 */
export function parseDrmUsage(text: string): DrmUsage | null {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(drm-[\w-]+):\s*(.*?)\s*$/.exec(line);
    if (match) values.set(match[1]!, match[2]!);
  }
  const pciAddress = normalisePciAddress(values.get('drm-pdev'));
  const client = values.get('drm-client-id');
  if (pciAddress === null || client === undefined) return null;
  return { pciAddress, client, memoryBytes: readMemory(values), engines: readEngines(values) };
}

function readMemory(values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const memory = new Map<string, number>();
  for (const kind of MEMORY_KEYS) {
    for (const [key, text] of values) {
      const region = key.startsWith(`drm-${kind}-`) ? key.slice(`drm-${kind}-`.length) : null;
      const match = /^(\d+)(?: ([KMG]iB))?$/.exec(text);
      if (region !== null && match && !memory.has(region))
        memory.set(region, Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1));
    }
  }
  // `drm-total-cycles-…` is time, not memory.
  for (const region of memory.keys()) if (region.startsWith('cycles-')) memory.delete(region);
  return memory;
}

function readEngines(values: ReadonlyMap<string, string>): ReadonlyMap<string, EngineWork> {
  const whole = (key: string): number | null => {
    const match = /^(\d+)(?: ns)?$/.exec(values.get(key) ?? '');
    return match ? Number(match[1]) : null;
  };
  const engines = new Map<string, EngineWork>();
  for (const key of values.keys()) {
    const [, kind, name] = /^drm-(engine|cycles)-(.+)$/.exec(key) ?? [];
    const done = whole(key);
    if (name === undefined || done === null || name.startsWith('capacity-')) continue;
    const possible = kind === 'cycles' ? whole(`drm-total-cycles-${name}`) : null;
    if (kind === 'cycles' && possible === null) continue;
    engines.set(name, { done, possible, capacity: whole(`drm-engine-capacity-${name}`) || 1 });
  }
  return engines;
}

const OWN_MEMORY = /^(?:vram|local)\d*$/;
const SHARED_MEMORY = /^(?:gtt|system|stolen)\d*$/;

/** Memory of the device itself; on one that shares the host's also that. Null when it tells of none. */
export function deviceMemoryBytes({ memoryBytes }: DrmUsage, unifiedMemory: boolean): number | null {
  const counted = [...memoryBytes].filter(
    ([region]) => OWN_MEMORY.test(region) || (unifiedMemory && SHARED_MEMORY.test(region)),
  );
  return counted.length === 0 ? null : counted.reduce((total, [, bytes]) => total + bytes, 0);
}

/** Share of the time in which the busiest engine worked between two readings; null without an earlier one. */
export function busiestEngine(
  before: ReadonlyMap<string, EngineWork> | undefined,
  now: ReadonlyMap<string, EngineWork>,
  elapsedMs: number,
): number | null {
  const shares = [...now].flatMap(([name, work]) => {
    const earlier = before?.get(name);
    if (earlier === undefined) return [];
    const possible =
      work.possible === null ? elapsedMs * 1e6 : work.possible - (earlier.possible ?? work.possible);
    return possible <= 0 ? [] : [(work.done - earlier.done) / (possible * work.capacity)];
  });
  return shares.length === 0 ? null : Math.min(1, Math.max(0, ...shares));
}

import { join } from 'node:path';
import { readText, readTrimmed } from './fact-files.ts';
import { parseNumberList } from './values.ts';

/** What the control groups of this process allow. Null: no limit. */
export interface CgroupLimits {
  /** CPU time a second, in cores; may be a fraction such as 0.5. */
  readonly quotaCores: number | null;
  readonly allowedCpus: readonly number[] | null;
  readonly memoryLimitBytes: number | null;
  /** Memory charged to the group that has the limit. */
  readonly memoryUsedBytes: number | null;
}

/** v1 writes "no limit" as the largest page-aligned 64-bit number. */
const UNLIMITED_BYTES = 2 ** 60;

/** `0::/a/b` (v2) and `4:memory:/a` (v1), from PROC/self/cgroup: controller to path, v2 under `''`. */
export function parseCgroupPaths(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line.trim());
    if (!match) continue;
    for (const controller of match[1]!.split(',')) paths.set(controller, match[2]!);
  }
  return paths;
}

/** The group's folder and its parents up to the mount: limits add up downwards, so all of them count. */
function ancestry(mount: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..' && part !== '.');
  return parts.map((_, depth) => join(mount, ...parts.slice(0, parts.length - depth))).concat(mount);
}

/** `max 100000` or `50000 100000` of cpu.max. */
export function parseCpuMax(text: string | null): number | null {
  const match = /^(\d+)\s+(\d+)$/.exec(text?.trim() ?? '');
  if (!match || Number(match[2]) === 0) return null;
  return Number(match[1]) / Number(match[2]);
}

function parseLimit(text: string | null): number | null {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= 0 && value < UNLIMITED_BYTES ? value : null;
}

const smaller = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.min(left, right);

async function tightest(
  folders: readonly string[],
  limitFile: string,
  usedFile: string,
): Promise<{ limit: number | null; used: number | null }> {
  let found: { limit: number | null; used: number | null } = { limit: null, used: null };
  for (const folder of folders) {
    const limit = parseLimit(await readTrimmed(join(folder, limitFile)));
    if (limit === null || (found.limit !== null && found.limit <= limit)) continue;
    found = { limit, used: parseLimit(await readTrimmed(join(folder, usedFile))) };
  }
  return found;
}

async function firstList(
  folders: readonly string[],
  files: readonly string[],
): Promise<readonly number[] | null> {
  for (const folder of folders) {
    for (const file of files) {
      const cpus = parseNumberList((await readText(join(folder, file))) ?? '');
      if (cpus.length > 0) return cpus;
    }
  }
  return null;
}

/** Reads control groups of version 2, 1 or both at once. See cgroups(7) and the kernel's admin-guide/cgroup-v2. */
export async function readCgroupLimits(sysRoot: string, procRoot: string): Promise<CgroupLimits> {
  const paths = parseCgroupPaths((await readText(join(procRoot, 'self/cgroup'))) ?? '');
  const mount = join(sysRoot, 'fs/cgroup');
  const unified = ['', 'unified'].flatMap((folder) => ancestry(join(mount, folder), paths.get('') ?? '/'));
  const legacy = (controller: string, alternatives: readonly string[]): readonly string[] =>
    [controller, ...alternatives].flatMap((folder) =>
      ancestry(join(mount, folder), paths.get(controller) ?? '/'),
    );

  let quotaCores: number | null = null;
  for (const folder of unified)
    quotaCores = smaller(quotaCores, parseCpuMax(await readText(join(folder, 'cpu.max'))));
  for (const folder of legacy('cpu', ['cpu,cpuacct', 'cpuacct,cpu'])) {
    const quota = await readTrimmed(join(folder, 'cpu.cfs_quota_us'));
    const period = await readTrimmed(join(folder, 'cpu.cfs_period_us'));
    if (quota !== null && period !== null)
      quotaCores = smaller(quotaCores, parseCpuMax(`${quota} ${period}`));
  }

  const ofUnified = await tightest(unified, 'memory.max', 'memory.current');
  const ofLegacy = await tightest(legacy('memory', []), 'memory.limit_in_bytes', 'memory.usage_in_bytes');
  const memory =
    ofLegacy.limit !== null && (ofUnified.limit === null || ofLegacy.limit < ofUnified.limit)
      ? ofLegacy
      : ofUnified;

  return {
    quotaCores,
    allowedCpus:
      (await firstList(unified, ['cpuset.cpus.effective'])) ??
      (await firstList(legacy('cpuset', []), ['cpuset.effective_cpus', 'cpuset.cpus'])),
    memoryLimitBytes: memory.limit,
    memoryUsedBytes: memory.used,
  };
}

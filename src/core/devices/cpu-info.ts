import { join } from 'node:path';
import type { CpuInfo } from '../../shared/contract/types.ts';
import { readCgroupLimits } from './cgroup.ts';
import { listNames, readText } from './fact-files.ts';
import type { Surroundings } from './surroundings.ts';
import { parseNumberList } from './values.ts';

/** Instruction sets that decide how fast the kernels and ONNX Runtime are; of all the flags only these are shown. */
const SHOWN_INSTRUCTION_SETS = new Set(
  (
    'sse4_2 avx avx2 fma f16c avx_vnni avx512f avx512bw avx512_vnni avx512_bf16 avx512_fp16 amx_tile amx_int8 amx_bf16 ' +
    'neon asimd asimdhp asimddp i8mm bf16 sve sve2 sme rvv vsx'
  ).split(' '),
);

/** Arm processors name themselves by number only (PROC/cpuinfo, "CPU part"; numbers from Arm's technical reference manuals). */
const ARM_PARTS: Readonly<Record<string, string>> = {
  '0xd08': 'Cortex-A72',
  '0xd0b': 'Cortex-A76',
  '0xd0c': 'Neoverse N1',
  '0xd40': 'Neoverse V1',
  '0xd49': 'Neoverse N2',
  '0xd4f': 'Neoverse V2',
  '0xd83': 'Neoverse V3',
  '0xd85': 'Cortex-X925',
  '0xd87': 'Cortex-A725',
};

export interface CpuInfoFile {
  readonly model: string | null;
  readonly logicalCores: number;
  /** Distinct (physical id, core id); null where the file does not say. */
  readonly physicalCores: number | null;
  readonly instructionSets: readonly string[];
}

/** Reads PROC/cpuinfo of x86, Arm, POWER or RISC-V. */
export function parseCpuInfo(text: string): CpuInfoFile {
  let model: string | null = null;
  let logicalCores = 0;
  const cores = new Set<string>();
  const parts = new Set<string>();
  const flags = new Set<string>();
  let socket = '0';
  for (const line of text.split('\n')) {
    const separator = line.indexOf(':');
    if (separator < 0) continue;
    const key = line.slice(0, separator).trim();
    const value = line.slice(separator + 1).trim();
    if (key === 'processor' && /^\d+$/.test(value)) logicalCores++;
    else if (key === 'model name' || key === 'cpu' || key === 'uarch') model ??= value || null;
    else if (key === 'physical id') socket = value;
    else if (key === 'core id') cores.add(`${socket}/${value}`);
    else if (key === 'CPU part') parts.add(ARM_PARTS[value] ?? `Arm part ${value}`);
    else if (key === 'flags' || key === 'Features') for (const flag of value.split(/\s+/)) flags.add(flag);
  }
  return {
    model: model ?? (parts.size > 0 ? [...parts].join(' + ') : null),
    logicalCores,
    physicalCores: cores.size > 0 ? cores.size : null,
    instructionSets: [...SHOWN_INSTRUCTION_SETS].filter((flag) => flags.has(flag)),
  };
}

/** Distinct groups of hardware threads in SYS/devices/system/cpu; null where the folder does not say. */
async function countCoresBySiblings(sysRoot: string): Promise<number | null> {
  const folder = join(sysRoot, 'devices/system/cpu');
  const groups = new Set<string>();
  for (const name of (await listNames(folder)) ?? []) {
    if (!/^cpu\d+$/.test(name)) continue;
    const siblings =
      (await readText(join(folder, name, 'topology/core_cpus_list'))) ??
      (await readText(join(folder, name, 'topology/thread_siblings_list')));
    if (siblings) groups.add(siblings.trim());
  }
  return groups.size > 0 ? groups.size : null;
}

async function countNumaNodes(sysRoot: string): Promise<number> {
  const names = (await listNames(join(sysRoot, 'devices/system/node'))) ?? [];
  return Math.max(1, names.filter((name) => /^node\d+$/.test(name)).length);
}

function allowedByStatus(status: string | null): number | null {
  const match = /^Cpus_allowed_list:\s*(.+)$/m.exec(status ?? '');
  return match ? parseNumberList(match[1]!).length || null : null;
}

/**
 * The processor and what of it may be used: `effectiveCores` = min(ceil(quota), affinity, cpuset, cores), at least 1.
 * ONNX Runtime's own default ignores all three, so thread counts are always set from here.
 */
export async function readCpuInfo(around: Surroundings): Promise<CpuInfo> {
  const { host, sysRoot, procRoot } = around;
  const onLinux = around.platform === 'linux';
  const file = parseCpuInfo((onLinux ? await readText(join(procRoot, 'cpuinfo')) : null) ?? '');
  const hostCpus = host.cpus();
  const logicalCores = file.logicalCores || hostCpus.length || 1;
  const cgroup = onLinux ? await readCgroupLimits(sysRoot, procRoot) : null;
  const affinity = onLinux
    ? allowedByStatus(await readText(join(procRoot, 'self/status')))
    : host.availableParallelism();
  const physicalCores =
    (onLinux ? await countCoresBySiblings(sysRoot) : null) ?? file.physicalCores ?? logicalCores;
  const quotaCores = cgroup?.quotaCores ?? null;
  return {
    model: file.model ?? hostCpus[0]?.model.trim() ?? 'unknown',
    architecture: host.architecture,
    logicalCores,
    physicalCores: Math.min(physicalCores, logicalCores),
    effectiveCores: Math.max(
      1,
      Math.min(
        logicalCores,
        affinity ?? logicalCores,
        cgroup?.allowedCpus?.length ?? logicalCores,
        quotaCores === null ? logicalCores : Math.ceil(quotaCores),
      ),
    ),
    cgroupQuotaCores: quotaCores,
    numaNodes: onLinux ? await countNumaNodes(sysRoot) : 1,
    instructionSets: [...file.instructionSets],
  };
}

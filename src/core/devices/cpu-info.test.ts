import { describe, expect, it } from 'vitest';
import { surroundings } from '../../../test/fixtures/devices/fake-commands.ts';
import { cpuInfoArm, cpuInfoX86, memInfo } from '../../../test/fixtures/devices/trees.ts';
import { parseCgroupPaths, parseCpuMax } from './cgroup.ts';
import { readCpuInfo } from './cpu-info.ts';
import { parseMemInfo, readMemoryInfo } from './memory-info.ts';

const V2 = { 'self/cgroup': '0::/work/engine\n' };

describe('the processor', () => {
  it('is read from procfs: model, sockets, cores, threads and instruction sets', async () => {
    const cpus = await readCpuInfo(
      surroundings({
        proc: { cpuinfo: cpuInfoX86 },
        sys: { 'devices/system/node/node0/cpulist': '0-3\n', 'devices/system/node/node1/cpulist': '4-7\n' },
      }),
    );
    expect(cpus).toEqual({
      model: 'Made-up Xeon 9000',
      architecture: 'x64',
      logicalCores: 8,
      physicalCores: 4,
      effectiveCores: 8,
      cgroupQuotaCores: null,
      numaNodes: 2,
      instructionSets: ['sse4_2', 'avx', 'avx2', 'fma', 'avx512f', 'avx512_vnni', 'amx_int8'],
    });
  });

  it('of Arm is named by its parts and counted by the siblings in sysfs', async () => {
    const cpus = await readCpuInfo(
      surroundings({
        proc: { cpuinfo: cpuInfoArm },
        sys: Object.fromEntries(
          [0, 1, 2, 3].map((n) => [`devices/system/cpu/cpu${n}/topology/core_cpus_list`, `${n}\n`]),
        ),
      }),
    );
    expect(cpus).toMatchObject({ model: 'Cortex-X925 + Cortex-A725', logicalCores: 4, physicalCores: 4 });
    expect(cpus.instructionSets).toEqual(['asimd', 'asimddp', 'i8mm', 'sve2']);
  });

  it('without procfs is what the operating system says', async () => {
    const cpus = await readCpuInfo(surroundings({ platform: 'darwin' }));
    expect(cpus).toMatchObject({ model: 'Made-up CPU', logicalCores: 4, effectiveCores: 4, numaNodes: 1 });
  });

  it.each([
    ['50000 100000', 0.5, 1],
    ['150000 100000', 1.5, 2],
    ['max 100000', null, 8],
    ['nonsense', null, 8],
  ])('with a quota of %s has %s cores of time and uses %s', async (quota, quotaCores, effectiveCores) => {
    const cpus = await readCpuInfo(
      surroundings({
        proc: { cpuinfo: cpuInfoX86, ...V2 },
        sys: { 'fs/cgroup/work/engine/cpu.max': `${quota}\n` },
      }),
    );
    expect(cpus).toMatchObject({ cgroupQuotaCores: quotaCores, effectiveCores });
  });

  it('takes the tightest quota of the group and its parents', async () => {
    const cpus = await readCpuInfo(
      surroundings({
        proc: { cpuinfo: cpuInfoX86, ...V2 },
        sys: {
          'fs/cgroup/work/engine/cpu.max': '600000 100000\n',
          'fs/cgroup/work/cpu.max': '200000 100000\n',
        },
      }),
    );
    expect(cpus).toMatchObject({ cgroupQuotaCores: 2, effectiveCores: 2 });
  });

  it('reads version 1 of control groups too', async () => {
    const cpus = await readCpuInfo(
      surroundings({
        proc: { cpuinfo: cpuInfoX86, 'self/cgroup': '4:cpu,cpuacct:/box\n2:cpuset:/box\n' },
        sys: {
          'fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us': '300000\n',
          'fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us': '100000\n',
          'fs/cgroup/cpuset/box/cpuset.cpus': '0-5\n',
        },
      }),
    );
    expect(cpus).toMatchObject({ cgroupQuotaCores: 3, effectiveCores: 3 });
  });

  it('is limited by a cpuset of one and by affinity', async () => {
    const one = surroundings({
      proc: { cpuinfo: cpuInfoX86, ...V2 },
      sys: { 'fs/cgroup/cpuset.cpus.effective': '3\n' },
    });
    const three = surroundings({
      proc: { cpuinfo: cpuInfoX86, 'self/status': 'Name:\tx\nCpus_allowed_list:\t0-1,7\n' },
    });
    expect((await readCpuInfo(one)).effectiveCores).toBe(1);
    expect((await readCpuInfo(three)).effectiveCores).toBe(3);
  });

  it('parses the files of control groups and nothing else', () => {
    expect([...parseCgroupPaths('0::/a\n3:cpu,cpuacct:/b:c\nrubbish\n')]).toEqual([
      ['', '/a'],
      ['cpu', '/b:c'],
      ['cpuacct', '/b:c'],
    ]);
    expect(parseCpuMax('-1 100000')).toBeNull();
    expect(parseCpuMax('100000 0')).toBeNull();
  });
});

describe('the memory', () => {
  it('is what the machine has when no group limits it', async () => {
    const memory = await readMemoryInfo(surroundings({ proc: { meminfo: memInfo } }));
    expect(memory).toEqual({ totalBytes: 2 ** 35, availableBytes: 2 ** 34, cgroupLimitBytes: null });
  });

  it('is what a group leaves when it limits', async () => {
    const limited = {
      'fs/cgroup/work/engine/memory.max': '4294967296\n',
      'fs/cgroup/work/engine/memory.current': '1073741824\n',
    };
    const memory = await readMemoryInfo(surroundings({ proc: { meminfo: memInfo, ...V2 }, sys: limited }));
    expect(memory).toMatchObject({ availableBytes: 3 * 2 ** 30, cgroupLimitBytes: 2 ** 32 });
  });

  it('takes no limit from "max" or from the huge number of version 1', async () => {
    const huge = {
      'fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      'fs/cgroup/memory.max': 'max\n',
    };
    const memory = await readMemoryInfo(surroundings({ proc: { meminfo: memInfo }, sys: huge }));
    expect(memory.cgroupLimitBytes).toBeNull();
  });

  it('adds free and cached where the kernel does not say what is available', () => {
    expect(parseMemInfo('MemTotal: 1000 kB\nMemFree: 100 kB\nCached: 200 kB\n')).toEqual({
      totalBytes: 1_024_000,
      availableBytes: 307_200,
    });
    expect(parseMemInfo('MemFree: 100 kB')).toBeNull();
  });
});

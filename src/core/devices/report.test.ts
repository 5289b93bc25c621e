import { describe, expect, it } from 'vitest';
import {
  answer,
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { cpuInfoX86, memInfo, pciBus } from '../../../test/fixtures/devices/trees.ts';
import { identifyAdapter } from './adapter.ts';
import { DeviceRoom } from './device-room.ts';
import { environmentWarnings, isVisibleToCuda } from './environment-warnings.ts';
import { foundDevice } from './found-device.ts';
import { mergeDevices } from './merge.ts';
import { hasCudaCode } from './runtimes.ts';
import type { DeviceRoomOptions } from './surroundings.ts';

const room = (around: Partial<DeviceRoomOptions>): DeviceRoom =>
  new DeviceRoom({
    clock: () => 1_000,
    publish: () => undefined,
    notify: () => undefined,
    spawn: () => {
      throw new Error('A list must not start anything.');
    },
    ...around,
  });

const card = (id: string, vendor: string, rest = {}) =>
  foundDevice({ id, kind: 'rocm', vendor, name: id, sources: ['x'], ...rest });

describe('the report', () => {
  it('says "none" only by probes that looked, and names them all', async () => {
    const report = await room(
      surroundings({
        proc: { cpuinfo: cpuInfoX86, meminfo: memInfo },
        sys: { 'bus/pci/devices/0000:00:03.0/class': '0x020000' },
      }),
    ).list();
    expect(report.accelerators).toEqual([]);
    expect(report.probes.map(({ probe, outcome }) => `${probe} ${outcome}`)).toEqual([
      'nvidia-smi unavailable',
      'amd-sysfs unavailable',
      'xpu-smi unavailable',
      'intel-sysfs unavailable',
      'system-profiler unavailable',
      'windows-registry unavailable',
      'pci none',
    ]);
    expect(report.backends.map(({ name, available }) => [name, available])).toEqual([
      ['cpu', true],
      ['webgpu', false],
      ['cuda', false],
      ['dawn', false],
      ['tfjs-node-gpu', false],
    ]);
    expect(report.warnings).toEqual([]);
  });

  it('lists a card once that the driver and the bus both show', async () => {
    const run = runOnly({
      'nvidia-smi': nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help: fixture('nvidia-help.txt') }),
    });
    const { accelerators } = await room(
      surroundings({ run, sys: pciBus, proc: { meminfo: memInfo } }),
    ).list();
    expect(accelerators).toHaveLength(1);
    expect(accelerators[0]).toMatchObject({
      name: 'NVIDIA L40S',
      sources: ['nvidia-smi', 'pci'],
      verified: false,
      reason: 'Not tried yet: start a verification.',
    });
    expect(accelerators[0]).not.toHaveProperty('pciAddress');
  });

  it('still shows the card when its driver is dead, and why', async () => {
    const run = runOnly({
      'nvidia-smi': () =>
        answer("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", {
          exitCode: 9,
        }),
    });
    const report = await room(surroundings({ run, sys: pciBus })).list();
    expect(report.accelerators[0]).toMatchObject({ id: '0000:4b:00.0', memoryTotalBytes: null });
    expect(report.probes[0]).toMatchObject({ outcome: 'failed' });
  });

  it('warns that a device may be missing when nothing was found and a probe failed', async () => {
    const run = runOnly({ 'nvidia-smi': () => answer('', { exitCode: null, timedOut: true }) });
    const report = await room(
      surroundings({ run, sys: { 'bus/pci/devices/0000:00:03.0/class': '0x020000' } }),
    ).list();
    expect(report.warnings).toEqual(['A device may be missing: nvidia-smi failed.']);
  });

  it('asks the drivers at most every two seconds, whoever calls', async () => {
    const log: string[] = [];
    let now = 0;
    const run = runOnly(
      { 'nvidia-smi': nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help: fixture('nvidia-help.txt') }) },
      log,
    );
    const devices = room({ ...surroundings({ run }), clock: () => now });
    await Promise.all([devices.list(), devices.list()]);
    now = 1_999;
    await devices.list();
    const asked = (): number => log.filter((line) => line.includes('--query-gpu=')).length;
    expect(asked()).toBe(1);
    now = 2_000;
    await devices.list();
    expect(asked()).toBe(2);
  });

  it('warns of variables that hide devices, of limits, and of cards without machine code', async () => {
    const csv = fixture('nvidia-whole.csv').replace(' 8.9,', ' 7.0,');
    const run = runOnly({ 'nvidia-smi': nvidiaProgram({ csv, help: fixture('nvidia-help.txt') }) });
    const report = await room(
      surroundings({
        run,
        environment: { CUDA_VISIBLE_DEVICES: '1', NVIDIA_VISIBLE_DEVICES: 'all' },
        proc: { cpuinfo: cpuInfoX86 },
        sys: { 'fs/cgroup/cpu.max': '200000 100000' },
      }),
    ).list();
    expect(report.warnings).toEqual([
      'CUDA_VISIBLE_DEVICES=1 is set: programs see only the devices that it names.',
      'Only 2 of 8 cores may be used here (control group or affinity).',
      'NVIDIA L40S: the CUDA provider has no code for compute capability 7.0.',
    ]);
  });
});

describe('devices seen by several probes', () => {
  it('are joined by address, filling only what is unknown', () => {
    const first = card('a', 'AMD', {
      pciAddress: '0000:03:00.0',
      memoryTotalBytes: 5,
      name: 'AMD graphics 0x744c',
    });
    const second = card('b', 'AMD', {
      pciAddress: '0000:03:00.0',
      memoryTotalBytes: 7,
      powerWatts: 3,
      name: 'AMD Navi 31',
      sources: ['y'],
    });
    expect(mergeDevices([[first], [second]])).toEqual([
      { ...first, name: 'AMD Navi 31', powerWatts: 3, sources: ['x', 'y'] },
    ]);
  });

  it('without addresses are joined by name, one for one', () => {
    const named = (id: string, source: string, pciAddress: string | null) =>
      foundDevice({
        id,
        kind: 'cuda',
        vendor: 'NVIDIA',
        name: 'NVIDIA GeForce RTX 5070',
        sources: [source],
        pciAddress,
      });
    const merged = mergeDevices([
      [named('GPU-1', 'nvidia-smi', '0000:01:00.0'), named('GPU-2', 'nvidia-smi', '0000:02:00.0')],
      [named('w0', 'windows-registry', null), named('w1', 'windows-registry', null)],
    ]);
    expect(merged.map(({ id, sources }) => [id, sources.length])).toEqual([
      ['GPU-1', 2],
      ['GPU-2', 2],
    ]);
  });
});

describe('CUDA_VISIBLE_DEVICES', () => {
  const gpu = { id: 'GPU-5a1e0c11-x', index: 1, parent: null };
  const slice = { id: 'MIG-0f7c', index: 1, parent: 'GPU-5a1e0c11-x' };
  it.each([
    [undefined, gpu, true],
    ['1', gpu, true],
    ['0', gpu, false],
    ['', gpu, false],
    ['-1,1', gpu, false],
    ['GPU-5a1e', gpu, true],
    ['GPU-5a1e', slice, true],
    ['1', slice, false],
    ['MIG-0f7c', slice, true],
  ])('%j shows %j: %s', (value, device, visible) => {
    expect(isVisibleToCuda(value === undefined ? {} : { CUDA_VISIBLE_DEVICES: value }, device)).toBe(visible);
  });

  it('is worth a warning even when it is empty', () => {
    expect(environmentWarnings({ CUDA_VISIBLE_DEVICES: '' })).toHaveLength(1);
  });
});

describe('machine code of the CUDA provider', () => {
  it.each([
    ['7.0', false],
    ['7.5', true],
    ['8.7', true],
    ['10.0', false],
    ['12.1', true],
    [null, true],
  ])('for compute capability %s: %s', (capability, has) => expect(hasCudaCode(capability)).toBe(has));
});

describe('the adapter of WebGPU', () => {
  const ran = (libraries: string[], timeMs = 0.1) => ({ libraries, timeMs, cpuTimeMs: 0.2 });
  const amd = card('a', 'AMD');
  const intel = card('i', 'Intel');
  it('is software when only a software driver was loaded', () => {
    expect(identifyAdapter(ran(['libvk_swiftshader.so']), [amd])).toEqual({
      software: 'SwiftShader',
      candidates: [],
    });
    expect(identifyAdapter(ran(['libvulkan_lvp.so', 'libvulkan_radeon.so']), [])).toEqual({
      software: 'llvmpipe',
      candidates: [],
    });
  });

  it('is the one device whose driver was loaded', () => {
    expect(identifyAdapter(ran(['libvulkan_radeon.so']), [amd, intel])).toEqual({
      software: null,
      candidates: [amd],
    });
  });

  it('is not believed to be hardware when it is slow and a software driver is there too', () => {
    const libraries = ['libvulkan_radeon.so', 'libvulkan_lvp.so'];
    expect(identifyAdapter(ran(libraries, 40), [amd]).software).toBe('llvmpipe');
    expect(identifyAdapter(ran(libraries, 0.1), [amd]).candidates).toEqual([amd]);
  });

  it('stays open between two devices of one vendor', () => {
    expect(identifyAdapter(ran(['libvulkan_radeon.so']), [amd, card('b', 'AMD')]).candidates).toHaveLength(2);
  });
});

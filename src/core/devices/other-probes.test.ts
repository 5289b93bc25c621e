import { describe, expect, it } from 'vitest';
import {
  answer,
  fixture,
  MISSING,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import {
  amdCard,
  amdUnified,
  intelDiscrete,
  intelIntegrated,
  pciBus,
} from '../../../test/fixtures/devices/trees.ts';
import { formatTarget, probeAmd } from './amd-probe.ts';
import { parseAppleSize, probeApple } from './apple-probe.ts';
import { probeIntel, probeIntelTool } from './intel-probe.ts';
import { probePci } from './pci-probe.ts';
import { fromControllers } from './system-information-probe.ts';
import { probeWindows } from './windows-probe.ts';

const host = { totalBytes: 64e9, availableBytes: 40e9, cgroupLimitBytes: null };

describe('AMD through sysfs', () => {
  it('gives memory, load, power, temperature and the compute target', async () => {
    const { report, devices } = await probeAmd(surroundings({ sys: amdCard }));
    expect(report.outcome).toBe('found');
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({
      id: '0000:03:00.0',
      kind: 'rocm',
      name: 'AMD navi31',
      memoryTotalBytes: 25_753_026_560,
      memoryFreeBytes: 25_753_026_560 - 1_073_741_824,
      unifiedMemory: false,
      utilization: 0.37,
      temperatureCelsius: 61,
      powerWatts: 181,
      powerLimitWatts: 339,
      driverVersion: '6.12.12',
      computeCapability: 'gfx1100',
      sources: ['amd-sysfs', 'amd-kfd'],
    });
  });

  it('counts the shared memory of a chip that has its own processor cores', async () => {
    const { devices } = await probeAmd(surroundings({ sys: amdUnified }));
    expect(devices[0]).toMatchObject({
      unifiedMemory: true,
      memoryTotalBytes: 536_870_912 + 66_571_993_088,
      memoryFreeBytes: 536_870_912 + 66_571_993_088 - 134_217_728,
      computeCapability: 'gfx1151',
      utilization: null,
      powerWatts: null,
    });
  });

  it('says that there is none only where the graphics subsystem is', async () => {
    expect((await probeAmd(surroundings({ sys: intelIntegrated }))).report.outcome).toBe('none');
    expect((await probeAmd(surroundings())).report.outcome).toBe('unavailable');
    expect((await probeAmd(surroundings({ platform: 'win32' }))).report.outcome).toBe('unavailable');
  });

  it('keeps a card whose every other file is unreadable', async () => {
    const { devices } = await probeAmd(
      surroundings({ sys: { 'class/drm/card0/device/vendor': '0x1002\n' } }),
    );
    expect(devices[0]).toMatchObject({
      id: 'amd-card0',
      memoryTotalBytes: null,
      utilization: null,
      computeCapability: null,
    });
  });

  it.each([
    [90_010, 'gfx90a'],
    [90_402, 'gfx942'],
    [110_501, 'gfx1151'],
    [0, null],
  ])('writes the target %d as %s', (version, target) => {
    expect(formatTarget(version)).toBe(target);
  });
});

describe('Intel', () => {
  it('integrated graphics share the memory of the host', async () => {
    const proc = { 'sys/kernel/osrelease': '6.14.0-29\n' };
    const { devices } = await probeIntel(surroundings({ sys: intelIntegrated, proc }), host);
    expect(devices[0]).toMatchObject({
      id: '0000:00:02.0',
      unifiedMemory: true,
      memoryTotalBytes: 64e9,
      memoryFreeBytes: 40e9,
      driverVersion: 'xe 6.14.0-29',
    });
  });

  it('a card has its own', async () => {
    const { devices } = await probeIntel(surroundings({ sys: intelDiscrete }), host);
    expect(devices[0]).toMatchObject({
      unifiedMemory: false,
      memoryTotalBytes: 6_442_450_944,
      memoryFreeBytes: 6e9,
    });
  });

  it('is named by xpu-smi where that is installed', async () => {
    const run = runOnly({ 'xpu-smi': () => answer(fixture('xpu-smi.json')) });
    const { devices } = await probeIntelTool(surroundings({ run }));
    expect(devices[0]).toMatchObject({ id: '0000:3a:00.0', name: 'Intel(R) Data Center GPU Flex 140' });
    expect((await probeIntelTool(surroundings())).report.outcome).toBe('unavailable');
  });
});

describe('Apple', () => {
  it('silicon shares the memory of the host', async () => {
    const run = runOnly({ system_profiler: () => answer(fixture('apple.json')) });
    const { devices } = await probeApple(surroundings({ run, platform: 'darwin' }), host);
    expect(devices[0]).toMatchObject({
      kind: 'metal',
      vendor: 'Apple',
      name: 'Apple M4 Pro',
      unifiedMemory: true,
      memoryTotalBytes: 64e9,
      memoryFreeBytes: 40e9,
      computeCapability: 'metal4',
    });
  });

  it('sizes are binary', () => {
    expect(parseAppleSize('8 GB')).toBe(8 * 2 ** 30);
    expect(parseAppleSize('lots')).toBeNull();
  });
});

describe('Windows', () => {
  it('lists the adapters that compute, with the 64-bit memory size', async () => {
    const run = runOnly({ 'powershell.exe': () => answer(fixture('windows.json')) });
    const { devices } = await probeWindows(surroundings({ run, platform: 'win32' }));
    expect(devices.map(({ vendor, memoryTotalBytes }) => [vendor, memoryTotalBytes])).toEqual([
      ['NVIDIA', 12_820_938_752],
      ['Intel', null],
    ]);
  });
});

describe('the bus', () => {
  it('shows a card without any driver, and counts displays that do not compute', async () => {
    const run = runOnly({
      lspci: () => answer('0000:4b:00.0 "3D controller" "NVIDIA Corporation" "AD102GL [L40S]" -ra1\n'),
    });
    const { report, devices } = await probePci(surroundings({ sys: pciBus, run }));
    expect(report.detail).toBe('1 device. 1 display adapter without compute (virtual or console).');
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({
      id: '0000:4b:00.0',
      kind: 'cuda',
      name: 'NVIDIA L40S',
      memoryTotalBytes: null,
    });
  });

  it("takes model and version from NVIDIA's kernel module", async () => {
    const proc = {
      'driver/nvidia/gpus/0000:4b:00.0/information': 'Model: \t\t NVIDIA L40S\nIRQ:   \t\t 140\n',
      'driver/nvidia/version':
        'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  590.31.07  Release Build\n',
    };
    const { devices } = await probePci(surroundings({ sys: pciBus, proc, run: async () => MISSING }));
    expect(devices[0]).toMatchObject({ name: 'NVIDIA L40S', driverVersion: '590.31.07' });
  });
});

describe('the last fallback', () => {
  it('takes names and addresses, and no memory', () => {
    const { devices } = fromControllers([
      { vendor: 'NVIDIA Corporation', model: 'GA102', busAddress: '01:00.0', driverVersion: '' },
      { vendor: 'Red Hat, Inc.', model: 'Virtio GPU' },
    ]);
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatchObject({ id: '0000:01:00.0', memoryTotalBytes: null, driverVersion: null });
  });
});

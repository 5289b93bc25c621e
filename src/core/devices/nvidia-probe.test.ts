import { describe, expect, it } from 'vitest';
import {
  answer,
  fixture,
  nvidiaProgram,
  type Program,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { NvidiaProbe } from './nvidia-probe.ts';
import type { CommandResult } from './surroundings.ts';

const help = fixture('nvidia-help.txt');
const host = { totalBytes: 128e9, availableBytes: 100e9, cgroupLimitBytes: null };
const UUID = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0';

const look = (program: Program, around = {}, log: string[] = []) =>
  new NvidiaProbe(surroundings({ run: runOnly({ 'nvidia-smi': program }, log), ...around })).probe(host);

describe('nvidia-smi', () => {
  it('gives a whole card with memory, load, driver and compute capability', async () => {
    const { report, devices } = await look(nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help }));
    expect(report).toEqual({
      probe: 'nvidia-smi',
      outcome: 'found',
      detail: '1 device.',
      messages: [{ code: 'found', about: null, values: { count: 1 }, text: '1 device.' }],
    });
    expect(devices).toEqual([
      {
        id: `${UUID}01`,
        kind: 'cuda',
        vendor: 'NVIDIA',
        name: 'NVIDIA L40S',
        parent: null,
        memoryTotalBytes: 46_068 * 2 ** 20,
        memoryFreeBytes: 33_297 * 2 ** 20,
        unifiedMemory: false,
        utilization: 0.63,
        temperatureCelsius: 58,
        powerWatts: 214.37,
        powerLimitWatts: 350,
        driverVersion: '590.31.07',
        computeCapability: '8.9',
        software: false,
        sources: ['nvidia-smi'],
        pciAddress: '0000:4b:00.0',
        index: 0,
        split: false,
        health: expect.objectContaining({ repair: null, recovery: null }),
      },
    ]);
  });

  it('lists the slices of a split card as devices, with their own memory', async () => {
    const { devices } = await look(
      nvidiaProgram({
        csv: fixture('nvidia-mig.csv'),
        help,
        list: fixture('nvidia-mig.list.txt'),
        report: fixture('nvidia-mig.report.txt'),
      }),
    );
    expect(devices.map((device) => device.name)).toEqual([
      'NVIDIA H200',
      'NVIDIA H200 MIG 4g.71gb',
      'NVIDIA H200 MIG 2g.35gb',
      'NVIDIA H200',
    ]);
    const [card, first, second, other] = devices;
    expect(card).toMatchObject({ split: true, utilization: null, powerWatts: 121.9 });
    expect(first).toMatchObject({
      id: 'MIG-0f7c9a10-53be-5d21-8a44-6be1c2d3e0b1',
      parent: `${UUID}a1`,
      memoryTotalBytes: 71_424 * 2 ** 20,
      memoryFreeBytes: 67_264 * 2 ** 20,
    });
    expect(second).toMatchObject({ parent: `${UUID}a1`, health: null });
    expect(other).toMatchObject({ split: false, parent: null });
  });

  it('shows a card that is set to be split and has no slice', async () => {
    const list = `GPU 0: NVIDIA H200 (UUID: ${UUID}a1)\n`;
    const { devices } = await look(nvidiaProgram({ csv: fixture('nvidia-mig.csv'), help, list }));
    expect(devices.map((device) => device.split)).toEqual([true, false]);
  });

  it('takes the memory of the host for a card that has none of its own', async () => {
    const { devices } = await look(nvidiaProgram({ csv: fixture('nvidia-unified.csv'), help }));
    expect(devices[0]).toMatchObject({
      unifiedMemory: true,
      memoryTotalBytes: 128e9,
      memoryFreeBytes: 100e9,
      powerLimitWatts: null,
      pciAddress: '000f:01:00.0',
    });
  });

  it('reads the line ends and the missing functions of Windows', async () => {
    const csv = fixture('nvidia-windows.csv');
    const { devices } = await look(nvidiaProgram({ csv, help }), { platform: 'win32' });
    expect(devices[0]).toMatchObject({
      driverVersion: '591.44',
      powerWatts: null,
      split: false,
      memoryTotalBytes: 12_227 * 2 ** 20,
    });
  });

  it('lists eight cards apart', async () => {
    const { devices, report } = await look(nvidiaProgram({ csv: fixture('nvidia-eight.csv'), help }));
    expect(report.detail).toBe('8 devices.');
    expect(new Set(devices.map((device) => device.id)).size).toBe(8);
    expect(devices.map((device) => device.utilization)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  });

  it.each<[string, Partial<CommandResult>, string, RegExp]>([
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n",
      { exitCode: 9 },
      'failed',
      /kernel module is not loaded/,
    ],
    [
      'Failed to initialize NVML: Driver/library version mismatch\n',
      { exitCode: 18 },
      'failed',
      /restart the machine/,
    ],
    ['', { exitCode: null, timedOut: true }, 'failed', /did not answer in 5 s/],
    ['', {}, 'failed', /said nothing/],
    ['No devices were found\n', { exitCode: 6 }, 'none', /no device/],
    ['', { exitCode: null, missing: true }, 'unavailable', /not installed/],
  ])('that says %j is understood', async (stdout, rest, outcome, detail) => {
    const { report, devices } = await look(() => answer(stdout, rest));
    expect(report.outcome).toBe(outcome);
    expect(report.detail).toMatch(detail);
    expect(devices).toEqual([]);
  });

  it('asks the short list of an old driver, and leaves out what it refuses', async () => {
    const log: string[] = [];
    const unknown = ['compute_cap', 'mig.mode.current', 'memory.free'];
    const { devices } = await look(nvidiaProgram({ csv: fixture('nvidia-whole.csv'), unknown }), {}, log);
    expect(devices[0]).toMatchObject({
      computeCapability: null,
      memoryFreeBytes: (46_068 - 12_288) * 2 ** 20,
    });
    expect(log.filter((line) => line.includes('--query-gpu='))).toHaveLength(2);
  });

  it('reads the list of fields once', async () => {
    const log: string[] = [];
    const run = runOnly({ 'nvidia-smi': nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help }) }, log);
    const probe = new NvidiaProbe(surroundings({ run }));
    await probe.probe(host);
    await probe.probe(host);
    expect(log.filter((line) => line.includes('--help-query-gpu'))).toHaveLength(1);
  });

  it('keeps the cards that answer when another one is lost', async () => {
    const whole = nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help });
    const { report, devices } = await look((args) => {
      const result = whole(args);
      return args[0]?.startsWith('--query-gpu')
        ? {
            ...result,
            exitCode: 15,
            stdout: `Unable to determine the device handle for GPU1: 0000:5E:00.0: GPU is lost.\n${result.stdout}`,
          }
        : result;
    });
    expect(devices).toHaveLength(1);
    expect(report.detail).toMatch(/GPU is lost/);
  });
});

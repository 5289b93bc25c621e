import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../../test/fixtures/devices/fake-commands.ts';
import { amdCard, intelIntegrated, memInfo } from '../../../../test/fixtures/devices/trees.ts';
import { telemetrySample } from '../../../shared/contract/devices.ts';
import type { LiveEvent, TelemetrySample } from '../../../shared/contract/types.ts';
import { DeviceRoom } from '../device-room.ts';
import type { FollowCommand, Surroundings } from '../surroundings.ts';
import { parseNvidiaLoad } from './accelerator-load.ts';
import { loadBetween, parseCpuTimes } from './cpu-load.ts';

const stat = (busy: number, idle: number): string =>
  `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 ${busy} 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 ${idle} 0 0 0 0 0 0\nctxt 5\n`;

function roomOf(around: Surroundings, diskFolder: string | null = null) {
  const samples: TelemetrySample[] = [];
  const publish = (event: LiveEvent): void => {
    if (event.topic === 'telemetry') samples.push(event.sample);
  };
  const spawn = (): never => {
    throw new Error('Telemetry starts no child of ours.');
  };
  const room = new DeviceRoom({
    ...around,
    publish,
    notify: () => undefined,
    spawn,
    diskFolder: () => diskFolder,
  });
  return { room, samples };
}

/** What files, which are real, take; time stands still meanwhile. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

const isScheduled = (): boolean => vi.getTimerCount() > 0;

describe('telemetry', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('shows the share of busy time between two readings, memory, disk and cards', async () => {
    const around = surroundings({
      sys: { ...amdCard, ...intelIntegrated },
      proc: { stat: stat(100, 300), meminfo: memInfo },
    });
    const { room, samples } = roomOf(around, '/data');
    const subscription = room.telemetry();
    await until(isScheduled);
    writeFileSync(join(around.procRoot, 'stat'), stat(130, 370));
    vi.runOnlyPendingTimers();
    await until(() => samples.length > 0);
    subscription.stop();
    expect(telemetrySample.parse(samples[0])).toEqual({
      at: 1_000,
      cpuUtilization: 0.3,
      cpuPerCore: [1, 0],
      memoryUsedBytes: 2 ** 34,
      memoryTotalBytes: 2 ** 35,
      engineRssBytes: 1_000,
      diskFreeBytes: 5_000,
      accelerators: [
        {
          id: '0000:00:02.0',
          utilization: null,
          memoryUsedBytes: null,
          powerWatts: null,
          temperatureCelsius: null,
          throttleReasons: null,
        },
        {
          id: '0000:03:00.0',
          utilization: 0.37,
          memoryUsedBytes: 1_073_741_824,
          powerWatts: 181,
          temperatureCelsius: 61,
          throttleReasons: null,
        },
      ],
    });
  });

  it('flows while anybody listens and stops with the last', async () => {
    const { room, samples } = roomOf(surroundings({ proc: { stat: stat(1, 1), meminfo: memInfo } }));
    const [first, second] = [room.telemetry(), room.telemetry()];
    first.stop();
    first.stop();
    await until(isScheduled);
    vi.runOnlyPendingTimers();
    await until(() => samples.length > 0 && isScheduled());
    second.stop();
    expect(isScheduled()).toBe(false);
    expect(samples).toHaveLength(1);
  });

  it('reads NVIDIA cards through one long-lived command, and ends it', async () => {
    const started: string[] = [];
    const stop = vi.fn();
    const follow: FollowCommand = (command, args, onLine) => {
      started.push([command, ...args].join(' '));
      onLine('GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a001, 63, 12288, 214.37, 58');
      return { exited: new Promise(() => undefined), stop };
    };
    const run = runOnly({
      'nvidia-smi': nvidiaProgram({ csv: fixture('nvidia-whole.csv'), help: fixture('nvidia-help.txt') }),
    });
    const { room, samples } = roomOf(
      surroundings({ run, follow, proc: { stat: stat(1, 1), meminfo: memInfo } }),
    );
    const subscription = room.telemetry();
    await until(isScheduled);
    while (samples.every(({ accelerators }) => accelerators.length === 0)) {
      await until(isScheduled);
      vi.runOnlyPendingTimers();
    }
    subscription.stop();
    expect(started).toEqual([
      'nvidia-smi --query-gpu=uuid,utilization.gpu,memory.used,power.draw,temperature.gpu --format=csv,noheader,nounits -lms 1000',
    ]);
    expect(stop).toHaveBeenCalledOnce();
    expect(samples.at(-1)?.accelerators).toEqual([
      {
        id: 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a001',
        utilization: 0.63,
        memoryUsedBytes: 12_288 * 2 ** 20,
        powerWatts: 214.37,
        temperatureCelsius: 58,
        throttleReasons: null,
      },
    ]);
  });

  it('without procfs takes the counters of the operating system', async () => {
    const { room, samples } = roomOf(surroundings({ platform: 'win32' }));
    const subscription = room.telemetry();
    await until(isScheduled);
    vi.runOnlyPendingTimers();
    await until(() => samples.length > 0);
    subscription.stop();
    expect(samples[0]).toMatchObject({
      cpuUtilization: 0,
      cpuPerCore: [0, 0, 0, 0],
      memoryUsedBytes: 2 ** 33,
    });
  });
});

describe('counters', () => {
  it('count waiting as idle, and guests once', () => {
    expect(parseCpuTimes('cpu  10 20 30 40 50 1 2 3 99 99\n')?.all).toEqual({ busy: 66, total: 156 });
    expect(parseCpuTimes('intr 5')).toBeNull();
  });

  it('that go back or stand still are no load', () => {
    expect(loadBetween({ busy: 9, total: 20 }, { busy: 5, total: 10 })).toBe(0);
    expect(loadBetween({ busy: 9, total: 20 }, { busy: 9, total: 20 })).toBe(0);
    expect(loadBetween(undefined, { busy: 9, total: 20 })).toBe(0);
  });

  it('of a card without power or memory are unknown, not nought', () => {
    const fields = ['uuid', 'utilization.gpu', 'memory.used', 'power.draw', 'temperature.gpu'];
    const id = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0c1';
    expect(parseNvidiaLoad(`${id}, [N/A], [Not Supported], [Unknown Error], 47`, fields)).toEqual({
      id,
      utilization: null,
      memoryUsedBytes: null,
      powerWatts: null,
      temperatureCelsius: 47,
      throttleReasons: null,
    });
    expect(parseNvidiaLoad('Unable to determine the device handle', fields)).toBeNull();
  });
});

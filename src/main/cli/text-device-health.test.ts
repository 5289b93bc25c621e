import { describe, expect, it } from 'vitest';
import {
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { memInfo } from '../../../test/fixtures/devices/trees.ts';
import { DeviceRoom } from '../../core/devices/index.ts';
import { textHealth, textHealthCauses, textProcesses } from './text-device-health.ts';

async function reportOf(run = runOnly({})) {
  const room = new DeviceRoom({
    ...surroundings({ run, proc: { meminfo: memInfo } }),
    publish: () => undefined,
    notify: () => undefined,
    spawn: () => {
      throw new Error('Nothing is tried.');
    },
  });
  return room.list();
}

const cards = runOnly({
  'nvidia-smi': nvidiaProgram({
    csv: fixture('nvidia-health.csv'),
    help: fixture('nvidia-help.txt') + fixture('nvidia-health-help.txt'),
    temperatures: fixture('nvidia-temperatures.txt'),
  }),
});

describe('health in words', () => {
  it('has what is wrong first, one remedy for what it heals, and every figure or why there is none', async () => {
    const text = textHealth(await reportOf(cards));
    expect(text).toContain('failed: The driver says that it must be reset or freed.');
    expect(text.match(/→ End what runs on it/g)).toHaveLength(1);
    expect(text).toMatch(/Clocks held back by +hardware slowdown, heat \(driver\), heat \(hardware\)/);
    expect(text).toMatch(/Pages of memory retired +unknown: the device does not tell/);
    expect(text).toMatch(/Kernel log +unknown: .*cannot be read/);
  });

  it('is short in the list of devices: of those that are not well alone', async () => {
    expect(textHealthCauses(await reportOf(cards))).toHaveLength(1);
  });

  it('names the probes where there is no device', async () => {
    expect(textHealth(await reportOf())).toMatch(/^No accelerator was found: nvidia-smi: unavailable/);
  });
});

describe('processes in words', () => {
  it('mark those of Falaj, with their job', () => {
    const process = { device: 'GPU-1', name: 'python', user: null, memoryBytes: null, utilization: 0.254 };
    const text = textProcesses({
      processes: [
        { ...process, pid: 10_000, own: true, job: 'j1' },
        { ...process, pid: 11, own: true, job: null },
        { ...process, pid: 12, own: false, job: null },
      ],
      warnings: ['2 processes stay hidden.'],
      warningMessages: [],
    });
    const lines = text.split('\n');
    expect(lines[1]).toMatch(/GPU-1 +10000 +python +– +– +25% +job j1$/);
    expect(lines[2]).toMatch(/yes$/);
    expect(lines[3]).toMatch(/no$/);
    expect(text).toContain('warning: 2 processes stay hidden.');
    expect(textProcesses({ processes: [], warnings: [], warningMessages: [] })).toBe(
      'No process uses an accelerator.',
    );
  });
});

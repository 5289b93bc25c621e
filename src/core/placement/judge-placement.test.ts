import { describe, expect, it } from 'vitest';
import {
  fixture,
  nvidiaProgram,
  runOnly,
  surroundings,
} from '../../../test/fixtures/devices/fake-commands.ts';
import { memInfo } from '../../../test/fixtures/devices/trees.ts';
import { runCheckRow } from '../../shared/contract/run-check.ts';
import type { DeviceReport } from '../../shared/contract/types.ts';
import { DeviceRoom } from '../devices/index.ts';
import { judgePlacement } from './judge-placement.ts';
import type { Workload } from './workload.ts';

const GIB = 2 ** 30;
const network: Workload = { kind: 'model', sizeBytes: 4 * GIB, isServable: true, isTree: false };
const learning: Workload = { kind: 'training', rows: 1_000_000, columns: 50, learnsOn: 'any' };

/** Three cards: one well, one failed, one of 12 GiB; 16 GiB of memory are free. */
async function report(change: (report: DeviceReport) => DeviceReport = (same) => same) {
  const help = fixture('nvidia-help.txt') + fixture('nvidia-health-help.txt');
  const program = nvidiaProgram({ csv: fixture('nvidia-health.csv'), help });
  const room = new DeviceRoom({
    ...surroundings({ run: runOnly({ 'nvidia-smi': program }), proc: { meminfo: memInfo } }),
    publish: () => undefined,
    notify: () => undefined,
    spawn: () => {
      throw new Error('Nothing is tried.');
    },
  });
  return change(await room.list());
}

const verified = (given: DeviceReport): DeviceReport => ({
  ...given,
  accelerators: given.accelerators.map((accelerator) => ({ ...accelerator, verified: true })),
});

const judged = (workload: Workload, given: DeviceReport) =>
  judgePlacement(workload, given).map((row) => {
    const { canRun, reason, runtime } = runCheckRow.parse(row);
    return [canRun, reason, runtime];
  });

describe('where a model can run', () => {
  it('is where it fits, the runtime was proved and the device is well', async () => {
    expect(judged(network, await report(verified))).toEqual([
      [true, 'fits', 'cpu'],
      [true, 'fits', 'cuda'],
      [false, 'failed', 'cuda'],
      [true, 'fits', 'cuda'],
    ]);
    expect(
      judged({ ...network, sizeBytes: 10 * GIB }, await report(verified)).map(([, reason]) => reason),
    ).toEqual(['memory', 'fits', 'failed', 'memory']);
  });

  it('names the cause by which a device has failed, for screens to put into words', async () => {
    const [, , failed] = judgePlacement(network, await report(verified));
    expect(failed?.cause).toMatchObject({ severity: 'failed', message: failed?.detail });
  });

  it('is not where nothing was proved, and says what was tried', async () => {
    const [, card] = judgePlacement(network, await report());
    expect(card).toMatchObject({
      canRun: false,
      reason: 'unverified',
      detail: 'Not tried yet: start a verification.',
    });
  });

  it('cannot be told of a device that hides its memory', async () => {
    const hidden = await report((given) => ({
      ...given,
      accelerators: verified(given).accelerators.map((one) => ({ ...one, memoryFreeBytes: null })),
    }));
    expect(judged(network, hidden)[1]).toEqual([null, 'memoryUnknown', 'cuda']);
  });

  it('is the processor alone for trees, and nowhere for models of other programs', async () => {
    const given = await report(verified);
    expect(judged({ ...network, isTree: true }, given)[1]).toEqual([false, 'cpuOnly', null]);
    expect(judged({ ...network, isServable: false }, given)).toEqual(
      Array.from({ length: 4 }, () => [false, 'notServable', null]),
    );
  });

  it('is not in the memory that a control group forbids', async () => {
    const limited = await report((given) => ({
      ...given,
      memory: { ...given.memory, cgroupLimitBytes: GIB },
    }));
    expect(judgePlacement(network, limited)[0]).toMatchObject({ reason: 'memory', freeBytes: GIB });
  });
});

describe('where a training can run', () => {
  const withDawn = (cards: number) => (given: DeviceReport) => ({
    ...given,
    accelerators: given.accelerators.slice(0, cards),
    backends: given.backends.map((backend) =>
      backend.name === 'dawn' ? { ...backend, available: true, reason: 'Learned a step.' } : backend,
    ),
  });

  it('is any device for a network, when Dawn was proved and has one alone', async () => {
    expect(judged(learning, await report(withDawn(1)))).toEqual([
      [true, 'fits', 'cpu'],
      [true, 'fits', 'webgpu'],
    ]);
    expect(judged(learning, await report(withDawn(3))).map(([, reason]) => reason)).toEqual([
      'fits',
      'ambiguous',
      'failed',
      'ambiguous',
    ]);
    expect(judged(learning, await report())[1]).toEqual([false, 'unverified', 'webgpu']);
  });

  it('is the processor for other learners and where the definition says so', async () => {
    const given = await report(withDawn(1));
    expect(judged({ ...learning, learnsOn: 'cpu' }, given)[1]).toEqual([false, 'cpuOnly', null]);
    expect(judged({ ...learning, learnsOn: 'cpuChosen' }, given)[1]).toEqual([false, 'cpuChosen', null]);
  });

  it('is not told of a script, which chooses itself', async () => {
    const rows = judged({ ...learning, learnsOn: 'script' }, await report());
    expect(rows).toEqual([[true, 'fits', 'cpu'], ...rows.slice(1).map(() => [null, 'script', null])]);
    expect(rows.length).toBeGreaterThan(1);
  });

  it('grows with rows and columns', async () => {
    const given = await report();
    expect(judgePlacement({ ...learning, rows: 100_000_000 }, given)[0]?.reason).toBe('memory');
  });
});

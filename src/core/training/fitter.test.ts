import { afterEach, describe, expect, it } from 'vitest';
import { scriptedChild } from '../../../test/fixtures/scripted-child.ts';
import { byChance, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';
import type { IsolatedChild } from '../processes/index.ts';
import { writeCheckpoint } from './network-checkpoint.ts';

const NETWORK = { kind: 'mlp', hidden: [512, 64], epochs: 2, batchRows: 512 } as const;
const READY = { kind: 'ready', adapter: 'NVIDIA L4' };
const CHOSEN = { kind: 'chosen', reason: 'Measured: faster.' };

let rooms: VisitTrainings;
afterEach(() => rooms.parts.close());

async function train(spawned: () => IsolatedChild, changes: Record<string, unknown> = {}) {
  rooms = await openVisitTrainings({ graphics: { spawn: spawned } });
  await rooms.importVisits(visitLines(1500, byChance));
  const { result } = await rooms.train(visitTraining({ learner: { ...NETWORK, ...changes } }));
  return rooms.tracking.get({ id: result.run });
}
const died = { code: null, signal: 'SIGSEGV' };

describe('a network’s device', () => {
  it('is the CPU where the GPU is refused, which other networks are not tried on again', async () => {
    let starts = 0;
    const run = await train(() => {
      starts++;
      return scriptedChild([{ kind: 'refused', reason: 'There is no adapter.', forAll: true }]);
    });
    expect(run.tags).toMatchObject({ device: 'cpu', deviceReason: 'There is no adapter.' });
    await rooms.train(visitTraining({ learner: NETWORK }));
    expect(starts).toBe(1);
  });

  it('is the CPU when the GPU’s process dies on the way, and the run says so', async () => {
    const run = await train(() => scriptedChild([READY, CHOSEN], died));
    expect(run.status).toBe('finished');
    expect(run.tags).toMatchObject({
      device: 'cpu',
      deviceReason: expect.stringMatching(
        /^NVIDIA L4 was used first. The process that uses the GPU is gone: it ended early \(SIGSEGV\)/,
      ),
    });
  });

  it('is the CPU when the GPU has no memory left', async () => {
    const error = { code: 'OUT_OF_MEMORY', message: 'The GPU has not enough memory.', hint: '' };
    const run = await train(() => scriptedChild([READY, CHOSEN, { kind: 'failed', error }]));
    expect(run.tags['deviceReason']).toMatch(/The GPU has not enough memory. The CPU began where it had./);
  });

  it('is not changed where the network itself is at fault', async () => {
    const error = { code: 'BAD_INPUT', message: 'The loss is no longer a number.', hint: '' };
    await expect(
      train(() => scriptedChild([READY, CHOSEN, { kind: 'failed', error }])),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('is the GPU or nothing where the definition says so', async () => {
    await expect(train(() => scriptedChild([READY], died), { device: 'webgpu' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      hint: expect.stringMatching(/device: auto/),
    });
  });

  it.each([
    [{ device: 'cpu' }, 'The definition says so.'],
    [{ hidden: [4] }, 'The network is too small for a GPU to help.'],
  ])('is the CPU at once with %j', async (changes, reason) => {
    const run = await train(() => {
      throw new Error('Nothing is started.');
    }, changes);
    expect(run.tags).toMatchObject({ device: 'cpu', deviceReason: reason });
  });

  it('is not believed when it hands over what is no checkpoint of the network', async () => {
    const bytes = writeCheckpoint({
      checkpoint: {
        epoch: 2,
        batch: 1,
        step: 2,
        state: [Float32Array.of(1)],
        best: null,
        epochLoss: 1,
        epochWeight: 1,
        finished: true,
      },
      epochs: [],
    });
    await expect(
      train(() => scriptedChild([READY, CHOSEN, { kind: 'finished', bytes }])),
    ).rejects.toMatchObject({
      message: expect.stringMatching(/another shape/),
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';
import { stoppedRun } from './kept-checkpoints.ts';
import { readCheckpoint, writeCheckpoint } from './network-checkpoint.ts';

let rooms: VisitTrainings;
beforeEach(async () => {
  rooms = await openVisitTrainings();
  await rooms.importVisits(visitLines(3000, byChance));
});
afterEach(() => rooms.parts.close());

const NETWORK = {
  kind: 'mlp',
  hidden: [32],
  dropout: 0.2,
  epochs: 40,
  batchRows: 32,
  checkpointSeconds: 0.02,
} as const;

/** Learns until a checkpoint has been kept, then ends the training's thread. */
async function stopAfterCheckpoint(changes: Record<string, unknown> = {}): Promise<void> {
  const definition = visitTraining({ learner: { ...NETWORK, epochs: 40, ...changes } });
  const set = await rooms.training.assemble(rooms.context, definition);
  const abort = new AbortController();
  const watch = setInterval(() => {
    if (rooms.tracking.list({})[0]?.artifacts.some(({ path }) => path.startsWith('checkpoint/')))
      abort.abort();
  }, 5);
  try {
    await expect(
      rooms.training.learn({ ...rooms.context, signal: abort.signal }, definition, set),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  } finally {
    clearInterval(watch);
  }
}

describe('a stopped training of a network', () => {
  it('goes on from its checkpoint to the very same bytes, with the whole curve', async () => {
    await stopAfterCheckpoint();
    const stopped = rooms.tracking.list({})[0]!;
    expect(stopped.status).toBe('killed');
    const resumed = await rooms.train(visitTraining({ learner: NETWORK }));
    const run = rooms.tracking.get({ id: resumed.result.run });
    expect(run.tags).toMatchObject({ resumedFrom: stopped.id });
    expect(rooms.tracking.history({ id: run.id, metric: 'trainLoss' }).map(({ step }) => step)).toEqual(
      Array.from({ length: 40 }, (_, epoch) => epoch + 1),
    );
    for (const id of [stopped.id, run.id])
      expect(
        rooms.tracking.get({ id }).artifacts.filter(({ path }) => path.startsWith('checkpoint/')),
      ).toEqual([]);

    const whole = await rooms.train(visitTraining({ learner: NETWORK }));
    expect(rooms.tracking.get({ id: whole.result.run }).tags['resumedFrom']).toBeUndefined();
    const digests = await Promise.all(
      [resumed, whole].map(
        async ({ result }) =>
          (await rooms.registry.get({ reference: `buyers:${result.model!.version}` })).digest,
      ),
    );
    expect(digests[0]).toBe(digests[1]);
  });

  it('is not gone on from by a training of other options', async () => {
    await stopAfterCheckpoint();
    const { result } = await rooms.train(visitTraining({ learner: { ...NETWORK, epochs: 3 } }));
    expect(rooms.tracking.get({ id: result.run }).tags['resumedFrom']).toBeUndefined();
    expect(
      rooms.tracking
        .list({})
        .at(-1)!
        .artifacts.map(({ path }) => path),
    ).toContain('checkpoint/network.bin');
  });
});

describe('a kept checkpoint', () => {
  it('is found however many runs of the experiment came after', async () => {
    const start = (tags: Record<string, string>) =>
      rooms.tracking.startRun({ experiment: 'busy', name: 'one', tags });
    const stopped = start({ checkpoint: 'abc' });
    await stopped.addArtifact('checkpoint/network.bin', Buffer.from('bytes'));
    stopped.finish('killed');
    for (let run = 0; run < 60; run++) start({ checkpoint: 'def' }).finish('finished');
    expect(stoppedRun(rooms.tracking, 'busy', 'abc')?.id).toBe(stopped.id);
    expect(stoppedRun(rooms.tracking, 'busy', 'def')).toBeNull();
  });

  it('is read as it was written, and refused when it is cut or another thing', () => {
    const kept = {
      checkpoint: {
        epoch: 2,
        batch: 3,
        step: 9,
        state: [Float32Array.of(1, 0.1), Float32Array.of(-3)],
        best: { epoch: 1, loss: 0.5, model: [Float32Array.of(7)] },
        epochLoss: 1.25,
        epochWeight: 4,
      },
      epochs: [{ epoch: 1, metrics: { trainLoss: 0.75 } }],
    };
    const bytes = writeCheckpoint(kept);
    expect(readCheckpoint(bytes)).toEqual(kept);
    const diverged = { ...kept, epochs: [{ epoch: 1, metrics: { trainLoss: Number.NaN } }] };
    expect(readCheckpoint(writeCheckpoint(diverged))).toEqual(diverged);
    const other = Buffer.from(bytes.toString('latin1').replace('"batch":3', '"batch":"three"'), 'latin1');
    const texts = ['', '{}\n', 'no JSON\n', 'null\n'].map((text) => Buffer.from(text));
    for (const broken of [bytes.subarray(0, -1), other, ...texts])
      expect(() => readCheckpoint(broken)).toThrow(/no checkpoint/);
  });
});

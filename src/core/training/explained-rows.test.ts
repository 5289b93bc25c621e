import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';
import { InferenceRoom } from '../inference/index.ts';

let rooms: VisitTrainings;
let inference: InferenceRoom;
let file: string;
beforeEach(async () => {
  rooms = await openVisitTrainings();
  inference = new InferenceRoom({
    ...rooms.parts,
    registry: rooms.registry,
    features: rooms.features,
    devices: () => Promise.reject(new Error('only the processor is asked for')),
  });
  file = path.join(rooms.parts.folder, 'rows.csv');
  writeFileSync(file, visitLines(80, byChance));
});
afterEach(() => rooms.parts.close());

const explain = (changes: { in?: string; rows?: number; background?: number; seed?: number } = {}) =>
  inference.explain(rooms.context, {
    reference: 'buyers@candidate',
    in: file,
    rows: 12,
    background: 20,
    seed: 3,
    ...changes,
  });

const sumOf = (row: Awaited<ReturnType<typeof explain>>['rows'][number]): number =>
  row.contributions.reduce((sum, { contribution }) => sum + contribution, row.base + row.others);

describe('explained rows', () => {
  it.each([
    [{ kind: 'gbdt', trees: 30, leaves: 8 }],
    [{ kind: 'linear' }],
    [{ kind: 'mlp', hidden: [16], epochs: 10, batchRows: 64, learningRate: 0.02 }],
  ])(
    'have contributions that add up to the score, of every learner: %j',
    async (learner) => {
      await rooms.importVisits(visitLines(1200, byChance));
      await rooms.train(visitTraining({ learner }));
      const found = await explain();
      expect(found).toMatchObject({ model: 'buyers:1', unit: 'log-odds', background: 20 });
      expect(found.rows).toHaveLength(12);
      for (const row of found.rows) {
        expect(Math.abs(sumOf(row) - row.score)).toBeLessThan(1e-9);
        expect(row.contributions.map(({ feature }) => feature).sort()).toEqual(['hour', 'price', 'town']);
        const sizes = row.contributions.map(({ contribution }) => Math.abs(contribution));
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      }
      expect(await explain()).toEqual(found);
      const { entries } = rooms.parts.audit.list();
      expect(entries[0]).toMatchObject({
        action: 'model.explain',
        object: 'model/buyers:1',
        details: { rows: 12 },
      });
    },
    60_000,
  );

  it('are exact where features only add up', async () => {
    await rooms.importVisits(visitLines(1200, byChance));
    await rooms.train(visitTraining({ learner: { kind: 'linear' } }));
    const [few, many] = [
      await explain({ background: 80, seed: 1 }),
      await explain({ background: 80, seed: 2 }),
    ];
    // All rows of the file are the background: only the order of the features differs.
    for (const [at, row] of few.rows.entries())
      for (const { feature, contribution } of row.contributions) {
        const other = many.rows[at]!.contributions.find((one) => one.feature === feature)!;
        expect(Math.abs(other.contribution - contribution)).toBeLessThan(1e-4);
      }
  }, 60_000);

  it('are of the likeliest class where there are several', async () => {
    await rooms.importVisits(
      visitLines(1500, (chance, random) => (chance > 0.6 ? 'many' : random < 0.3 ? 'none' : 'one')),
    );
    await rooms.train(visitTraining({ task: 'multiclass', baseline: undefined }));
    const { rows: explained } = await explain();
    expect(new Set(explained.map((row) => row.class)).size).toBeGreaterThan(1);
    for (const row of explained) expect(Math.abs(sumOf(row) - row.score)).toBeLessThan(1e-9);
  }, 60_000);

  it('need rows to be compared with, and every column', async () => {
    await rooms.importVisits(visitLines(1200, byChance));
    await rooms.train(visitTraining({ learner: { kind: 'linear' } }));
    const [head, first] = visitLines(5, byChance).split('\n');
    writeFileSync(file, `${head}\n${first}\n`);
    await expect(explain()).rejects.toMatchObject({ code: 'BAD_INPUT' });
    writeFileSync(file, 'town,price\nDubai,1\nDubai,2\n');
    await expect(explain()).rejects.toMatchObject({
      code: expect.stringMatching(/UNKNOWN_COLUMN|EXPRESSION/),
    });
  }, 60_000);
});

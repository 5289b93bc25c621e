import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, VISIT_TOWNS, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';
import { InferenceRoom } from '../inference/index.ts';

let rooms: VisitTrainings;
beforeEach(async () => {
  rooms = await openVisitTrainings();
});
afterEach(() => rooms.parts.close());

/** Some prices and towns are missing, and towns of the hold-out that no training row has. */
function gappy(rows: number, label = byChance): string {
  const [head, ...lines] = visitLines(rows, label).trim().split('\n');
  const gaps = lines.map((line, row) => {
    const cells = line.split(',');
    if (row % 7 === 0) cells[1] = '';
    if (row % 11 === 0) cells[2] = '';
    if (row > 0.9 * rows && row % 5 === 0) cells[2] = 'دبا الحصن';
    return cells.join(',');
  });
  return `${[head, ...gaps].join('\n')}\n`;
}

const predict = async (lines: string): Promise<string[][]> => {
  const inference = new InferenceRoom({
    ...rooms.parts,
    registry: rooms.registry,
    features: rooms.features,
    devices: () => Promise.reject(new Error('only the processor is asked for')),
  });
  const [file, out] = ['in.csv', 'out.csv'].map((name) => path.join(rooms.parts.folder, name));
  writeFileSync(file!, lines);
  await inference.predict(rooms.context, {
    reference: 'buyers@candidate',
    in: file!,
    out: out!,
    device: 'cpu',
    batch: 500,
  });
  return readFileSync(out!, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
};

const LEARNERS = [
  { kind: 'gbdt', trees: 30, leaves: 8 },
  { kind: 'gbdt', trees: 30, leaves: 8, categories: 'mean' },
  { kind: 'linear' },
  { kind: 'mlp', hidden: [16], epochs: 10, batchRows: 64, learningRate: 0.02 },
] as const;
const PREPARED = {
  usual: undefined,
  'numbers and one-hot texts': {
    price: { impute: 'median', scale: true, indicator: true },
    town: { encode: 'oneHot', most: 3 },
    at: { parts: ['hour', 'weekday', 'month', 'dayOfMonth'] },
  },
  'hashed texts': { town: { encode: 'hash', buckets: 16 } },
  'label means and zeros': { price: { impute: 'zero' }, town: { encode: 'target' } },
} as const;

describe('a model with its preprocessing', () => {
  it.each(
    LEARNERS.flatMap((learner) =>
      Object.entries(PREPARED).map(([name, preprocess]) => ({ learner, name, preprocess })),
    ),
  )('reads raw columns and says what was learned: $learner.kind, $name', async ({ learner, preprocess }) => {
    await rooms.importVisits(gappy(1500));
    const definition = visitTraining({ learner, preprocess, columns: ['price', 'town', 'at'] });
    const { result } = await rooms.train(definition);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    expect(result.metrics['auc']).toBeGreaterThan(0.6);
    const { metadata } = await rooms.registry.load({ reference: 'buyers@candidate' });
    expect(metadata.inputs).toEqual([
      { name: 'price', type: 'float32', shape: [-1, 1] },
      { name: 'town', type: 'string', shape: [-1, 1] },
      { name: 'at', type: 'float64', shape: [-1, 1] },
      { name: 'hour', type: 'float32', shape: [-1, 1] },
    ]);
  });

  it('predicts from a file with gaps and texts that it has never seen', async () => {
    await rooms.importVisits(gappy(1500));
    const { predictions } = await rooms.train(
      visitTraining({ learner: { kind: 'linear' }, preprocess: PREPARED['hashed texts'] }),
    );
    const rows = await predict(gappy(1500));
    const chances = rows.slice(-300).map((cells) => Number(cells[6]));
    for (const [row, chance] of chances.entries())
      expect(Math.abs(chance - predictions[row]!)).toBeLessThan(1e-5);
  });

  it('answers by the threshold that was asked for', async () => {
    await rooms.importVisits(visitLines(1500, byChance));
    await rooms.train(visitTraining({ evaluate: { threshold: 0.9 } }));
    const rows = await predict(visitLines(300, byChance));
    for (const cells of rows) expect(cells[5]).toBe(Number(cells[6]) >= 0.9 ? '1' : '0');
  });

  it('gives texts columns of their own for a linear model of many classes', async () => {
    await rooms.importVisits(visitLines(1500, (chance, random) => Math.floor(3 * chance + 0.4 * random)));
    const { result } = await rooms.train(visitTraining({ task: 'multiclass', learner: { kind: 'linear' } }));
    const { importance } = rooms.tracking.evaluation({ id: result.run })!;
    expect(importance.map(({ feature }) => feature).sort()).toEqual(
      ['hour', 'price', ...VISIT_TOWNS.map((town) => `town=${town}`)].sort(),
    );
  });

  it('hashes a column of which every value is another, and refuses to learn it by heart', async () => {
    await rooms.importVisits(visitLines(16_000, (_, random) => `label ${random}`).replace('bought', 'note'));
    const label = { column: 'late', expression: 'price > 50' };
    const definition = (preprocess: unknown) =>
      visitTraining({ learner: { kind: 'linear' }, columns: ['town', 'note'], label, preprocess });
    const { result } = await rooms.train(definition({ note: { encode: 'hash', buckets: 32 } }));
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    for (const preprocess of [undefined, { note: { encode: 'ordinal' } }, { note: { encode: 'target' } }])
      await expect(rooms.train(definition(preprocess))).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('note'),
      });
  });

  it('measures a very wide model in bounded time, without shuffling its columns', async () => {
    await rooms.importVisits(visitLines(600, byChance));
    const preprocess = { town: { encode: 'hash', buckets: 4096 } };
    const { result } = await rooms.train(visitTraining({ learner: { kind: 'linear' }, preprocess }));
    const { importance } = rooms.tracking.evaluation({ id: result.run })!;
    expect(importance.length).toBe(4098);
    expect(importance[0]!.permutation).toBeUndefined();
    expect(importance[0]!.gain).toBeGreaterThan(0);
  });

  it.each([
    [{ preprocess: { twon: { encode: 'oneHot' } } }, 'UNKNOWN_COLUMN', 'Did you mean "town"?'],
    [{ preprocess: { price: { encode: 'oneHot' } } }, 'BAD_DEFINITION', /encode/],
    [{ preprocess: { town: { scale: true } } }, 'BAD_DEFINITION', /encode/],
    [{ preprocess: { price: { parts: ['hour'] } } }, 'BAD_DEFINITION', /parts/],
    [{ expressions: [{ name: 'probability', expression: '1' }] }, 'BAD_DEFINITION', /another name/],
  ])('refuses %o, naming the column', async (changes, code, hint) => {
    await rooms.importVisits(visitLines(300, byChance));
    await expect(rooms.train(visitTraining(changes))).rejects.toMatchObject({
      code,
      hint: typeof hint === 'string' ? hint : expect.stringMatching(hint),
    });
  });

  it.each([
    [{ price: { scale: true, encode: 'hash' } }, /encode, or parts/],
    [{ price: {} }, /encode, or parts/],
    [{ town: { encode: 'oneHot', buckets: 9 } }, /buckets belongs/],
  ])('refuses %o before anything is trained', (preprocess, message) => {
    expect(() => visitTraining({ preprocess })).toThrow(message);
  });
});

import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { fitLinear, predictLinear } from '../../src/numerics/linear/index.ts';
import { linearGraph, withPreprocessing } from '../../src/numerics/onnx/index.ts';
import {
  applyPreprocessing,
  fitPreprocessing,
  type RawColumn,
  type StepPlan,
} from '../../src/numerics/preprocessing/index.ts';

const PLANS: readonly StepPlan[] = [
  { column: 'price', kind: 'number', impute: 'median', scale: true, indicator: true },
  { column: 'at', kind: 'time', parts: ['days', 'hour', 'weekday', 'month', 'dayOfMonth'] },
  { column: 'town', kind: 'oneHot', most: 3 },
  { column: 'town', kind: 'target', priorRows: 5 },
  { column: 'town', kind: 'ordinal' },
  { column: 'note', kind: 'hash', buckets: 7, seed: 3 },
];

const TEXTS = ['Muscat', 'Sur', 'Nizwa', 'دبي', 'a longer text, with commas', 'x', ''];

const row = fc.record({
  price: fc.oneof(
    { weight: 5, arbitrary: fc.float({ min: -1000, max: 1000, noNaN: true }) },
    fc.constant(Number.NaN),
  ),
  at: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .date({ min: new Date('1899-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
        .map((date) => date.getTime() * 1000),
    },
    fc.constant(Number.NaN),
  ),
  town: fc.constantFrom(...TEXTS, null),
  note: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
    fc.constant(null),
  ),
  label: fc.integer({ min: 0, max: 1 }),
});

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

const columnsOf = (rows: readonly Row[]): RawColumn[] => [
  { name: 'price', kind: 'number', values: Float32Array.from(rows, ({ price }) => price) },
  { name: 'at', kind: 'time', values: Float64Array.from(rows, ({ at }) => at) },
  { name: 'town', kind: 'text', values: rows.map(({ town }) => town) },
  { name: 'note', kind: 'text', values: rows.map(({ note }) => note) },
];

const FIXED: readonly Row[] = [
  { price: 1, at: 0, town: 'Sur', note: 'a', label: 0 },
  { price: 2.5, at: 1_709_164_800_000_000, town: 'Muscat', note: 'bcd', label: 1 },
];

describe('preprocessing and model in one graph', () => {
  it('gives from raw columns what training computed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.array(row, { minLength: 1, maxLength: 20 }),
        async (more, later) => {
          const learned = [...FIXED, ...more];
          const rows = [...learned, ...later];
          const columns = columnsOf(rows);
          const labels = rows.map(({ label }) => label);
          const train = Uint32Array.from(learned.keys());
          const preprocessing = fitPreprocessing(columns, PLANS, train, labels);
          const data = applyPreprocessing(preprocessing, columns, rows.length);
          const model = fitLinear({
            data: { ...data, to: learned.length },
            labels,
            task: { kind: 'binary' },
            l2: 1,
            maxIterations: 30,
          });
          const expected = predictLinear(model, data);
          const session = await InferenceSession.create(
            withPreprocessing(preprocessing, linearGraph(model)),
            {
              intraOpNumThreads: 1,
            },
          );
          const dims = [rows.length, 1];
          const output = await session.run({
            price: new Tensor(
              'float32',
              Float32Array.from(rows, ({ price }) => price),
              dims,
            ),
            at: new Tensor(
              'float64',
              Float64Array.from(rows, ({ at }) => at),
              dims,
            ),
            town: new Tensor(
              'string',
              rows.map(({ town }) => town ?? ''),
              dims,
            ),
            note: new Tensor(
              'string',
              rows.map(({ note }) => note ?? ''),
              dims,
            ),
          });
          await session.release();
          const got = Object.values(output)[0]!.data as Float32Array;
          for (const [index, value] of got.entries())
            expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 60 },
    );
  });
});

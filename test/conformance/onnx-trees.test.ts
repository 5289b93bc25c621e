import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import {
  fitGbdt,
  type GbdtModel,
  type Objective,
  predictGbdtOutputs,
} from '../../src/numerics/gbdt/index.ts';
import { treesGraph, writeModel } from '../../src/numerics/onnx/index.ts';
import { randomNumbers } from '../fixtures/random-numbers.ts';

const TRAIN = 600;
const ROWS = 900;
const FEATURES = 4;

const OBJECTIVES: readonly Objective[] = [
  { kind: 'binary' },
  { kind: 'multiclass', classes: 4 },
  { kind: 'squared' },
  { kind: 'absolute' },
  { kind: 'quantile', alpha: 0.8 },
  { kind: 'poisson' },
  { kind: 'huber', delta: 1 },
];

interface Shape {
  readonly seed: number;
  readonly categories: number;
  readonly missing: number;
  readonly isWeighted: boolean;
  readonly maxBins: number;
}

/** Feature 0 is a category; the rows behind the training rows have categories, values and gaps that training never saw. */
function learn(objective: Objective, shape: Shape): { model: GbdtModel; matrix: Float32Array } {
  const random = randomNumbers(shape.seed);
  const matrix = new Float32Array(ROWS * FEATURES);
  const labels = new Float32Array(ROWS);
  const weights = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const unseen = row >= TRAIN;
    for (let feature = 0; feature < FEATURES; feature++) {
      const value =
        feature === 0
          ? Math.floor(random() ** 2 * shape.categories * (unseen ? 1.5 : 1))
          : (random() - 0.5) * 10 ** feature * (unseen ? 3 : 1);
      // Feature 3 is whole only while learning.
      const isMissing = random() < shape.missing && (feature < 3 || unseen);
      matrix[feature * ROWS + row] = isMissing ? Number.NaN : value;
    }
    if (row % 97 === 5) matrix[ROWS + row] = Number.POSITIVE_INFINITY;
    if (row % 97 === 6) matrix[ROWS + row] = Number.NEGATIVE_INFINITY;
    const signal =
      ((matrix[row]! || 0) % 5) / 2 + (matrix[ROWS + row]! > 1 ? 1 : 0) + (matrix[2 * ROWS + row]! || 9) / 50;
    const noisy = Math.abs(signal) + random();
    labels[row] =
      objective.kind === 'binary'
        ? Number(noisy > 1.7)
        : objective.kind === 'multiclass' || objective.kind === 'poisson'
          ? Math.min(3, Math.floor(noisy))
          : noisy * 20;
    weights[row] = random() * 2;
  }
  const model = fitGbdt({
    data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: TRAIN },
    validation: { from: TRAIN, to: TRAIN },
    labels,
    weights: shape.isWeighted ? weights : undefined,
    objective,
    categorical: [true],
    trees: 15,
    leaves: 15,
    learningRate: 0.2,
    minRowsPerLeaf: 5,
    l2: 0.5,
    maxBins: shape.maxBins,
  });
  return { model, matrix };
}

describe('boosted trees in ONNX Runtime', () => {
  it.each(OBJECTIVES)('say what the learner says, for $kind loss', async (objective) => {
    let sets = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e9 }),
          categories: fc.constantFrom(1, 3, 12, 60, 400),
          missing: fc.constantFrom(0, 0.1, 0.6),
          isWeighted: fc.boolean(),
          maxBins: fc.constantFrom(4, 32, 255),
        }),
        async (shape) => {
          const { model, matrix } = learn(objective, shape);
          sets += model.trees.filter(({ categories }) => categories.some((one) => one !== null)).length;
          const expected = predictGbdtOutputs(model, {
            matrix,
            rows: ROWS,
            features: FEATURES,
            from: 0,
            to: ROWS,
          });
          const session = await InferenceSession.create(writeModel(treesGraph(model)), {
            intraOpNumThreads: 1,
          });
          const rowMajor = Float32Array.from(
            matrix,
            (_, at) => matrix[(at % FEATURES) * ROWS + Math.floor(at / FEATURES)]!,
          );
          const answer = await session.run({ features: new Tensor('float32', rowMajor, [ROWS, FEATURES]) });
          const [output] = Object.values(answer);
          expect(output!.dims).toEqual([ROWS, model.outputs]);
          const got = output!.data as Float32Array;
          let difference = 0;
          for (const [index, values] of expected.entries())
            for (const [row, value] of values.entries()) {
              const gap = Math.abs(got[row * model.outputs + index]! - value) / Math.max(1, Math.abs(value));
              difference = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(difference, gap);
            }
          expect(difference).toBeLessThanOrEqual(1e-5);
          await session.release();
        },
      ),
      { numRuns: 20 },
    );
    expect(sets).toBeGreaterThan(0);
  });

  it('run an ensemble without any tree', async () => {
    const model: Parameters<typeof treesGraph>[0] = {
      link: 'softmax',
      features: 2,
      outputs: 2,
      baseValues: [0, Math.log(3)],
      trees: [],
    };
    const session = await InferenceSession.create(writeModel(treesGraph(model)));
    const answer = await session.run({ features: new Tensor('float32', Float32Array.of(1, 2), [1, 2]) });
    const [none, one] = answer['probabilities']!.data as Float32Array;
    expect(none).toBeCloseTo(0.25, 6);
    expect(one).toBeCloseTo(0.75, 6);
  });
});

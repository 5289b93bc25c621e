import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { fitNetwork, predictNetwork } from '../../src/numerics/network/index.ts';
import { networkGraph, writeModel } from '../../src/numerics/onnx/index.ts';
import { randomNumbers } from '../fixtures/random-numbers.ts';

const ROWS = 400;
const LIMIT = 1e-5;

/** Numbers of wild scales with gaps, and a category with codes that the network has not seen. */
function table(seed: number, offset: number) {
  const random = randomNumbers(seed);
  return Float32Array.from({ length: ROWS * 4 }, (_, index) => {
    const feature = Math.floor(index / ROWS);
    if (random() < 0.06) return Number.NaN;
    if (feature === 3) return Math.floor(random() * 9) - 1;
    return offset * feature + (random() - 0.5) * 10 ** (2 * feature - 2);
  });
}

describe('exported networks in ONNX Runtime', () => {
  it('give the learner’s predictions, whatever the shape, gaps and unknown categories', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          task: fc.constantFrom(
            { kind: 'regression' } as const,
            { kind: 'binary' } as const,
            { kind: 'multiclass', classes: 3 } as const,
          ),
          hidden: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
          batchNorm: fc.boolean(),
          embeds: fc.boolean(),
          offset: fc.constantFrom(0, 3, 100),
          seed: fc.integer({ min: 0, max: 1000 }),
        }),
        async ({ task, hidden, batchNorm, embeds, offset, seed }) => {
          const matrix = table(seed, offset);
          const classes = task.kind === 'multiclass' ? 3 : 2;
          const labels = Float32Array.from({ length: ROWS }, (_, row) =>
            task.kind === 'regression' ? matrix[row]! || row / 50 : row % classes,
          );
          const data = { matrix, rows: ROWS, features: 4, from: 0, to: ROWS };
          const { model } = fitNetwork({
            data,
            labels,
            task,
            categories: [0, 0, 0, embeds ? 6 : 0],
            hidden,
            dropout: 0.1,
            batchNorm,
            epochs: 2,
            batchRows: 64,
            learningRate: 0.01,
            schedule: { kind: 'constant' },
            warmupSteps: 0,
            optimizer: 'adam',
            weightDecay: 0.001,
            seed,
          });
          const expected = predictNetwork(model, data);
          const session = await InferenceSession.create(writeModel(networkGraph(model)), {
            intraOpNumThreads: 1,
          });
          const rowMajor = Float32Array.from(
            { length: ROWS * 4 },
            (_, at) => matrix[(at % 4) * ROWS + (at >> 2)]!,
          );
          const output = await session.run({ features: new Tensor('float32', rowMajor, [ROWS, 4]) });
          const got = Object.values(output)[0]!.data as Float32Array;
          await session.release();
          expect(got.length).toBe(expected.length);
          for (let at = 0; at < got.length; at++)
            expect(Math.abs(got[at]! - expected[at]!) / Math.max(1, Math.abs(expected[at]!))).toBeLessThan(
              LIMIT,
            );
        },
      ),
      { numRuns: 40 },
    );
  });
});

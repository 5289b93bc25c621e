import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { fitLinear, predictLinear } from '../../src/numerics/linear/index.ts';
import { linearGraph, type TreeArrays, treesGraph, writeModel } from '../../src/numerics/onnx/index.ts';

const run = async (model: Uint8Array, rows: readonly (readonly number[])[]): Promise<number[]> => {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
  const output = await session.run({
    features: new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, rows[0]!.length]),
  });
  return [...(Object.values(output)[0]!.data as Float32Array)];
};

describe('exported models in ONNX Runtime', () => {
  it('linear models give the learner’s probabilities, missing values included', async () => {
    const rows = 500;
    const matrix = Float32Array.from({ length: rows * 3 }, (_, index) =>
      index % 17 === 0 ? Number.NaN : Math.sin(index) * 10 ** (index % 3) + 5000,
    );
    const labels = Float32Array.from({ length: rows }, (_, row) => (Math.sin(row * 3) > 0.2 ? 1 : 0));
    const data = { matrix, rows, features: 3, from: 0, to: rows };
    const model = fitLinear({ data, labels, task: { kind: 'binary' }, l2: 1, maxIterations: 50 });
    const expected = predictLinear(model, data);
    const got = await run(
      writeModel(linearGraph(model)),
      Array.from({ length: rows }, (_, row) => [matrix[row]!, matrix[rows + row]!, matrix[2 * rows + row]!]),
    );
    expect(Math.max(...got.map((value, row) => Math.abs(value - expected[row]!)))).toBeLessThan(1e-6);
  });

  it('trees go left on equality and send missing values where they learned to', async () => {
    const tree = (missingLeft: 0 | 1): TreeArrays => ({
      feature: [1, -1, -1],
      threshold: [2.5, 0, 0],
      missingLeft: [missingLeft, 0, 0],
      left: [1, 0, 0],
      right: [2, 0, 0],
      value: [0, -1, 3],
      cover: [3, 1, 2],
      categories: [null, null, null],
    });
    const rows = [
      [9, 2.5],
      [9, 2.6],
      [9, Number.NaN],
    ];
    expect(
      await run(
        writeModel(
          treesGraph({
            link: 'identity',
            features: 2,
            outputs: 1,
            baseValues: [0.5],
            trees: [tree(1), tree(1)],
          }),
        ),
        rows,
      ),
    ).toEqual([-1.5, 6.5, -1.5]);
    const [left, right, missing] = await run(
      writeModel(
        treesGraph({ link: 'logistic', features: 2, outputs: 1, baseValues: [0], trees: [tree(0)] }),
      ),
      rows,
    );
    expect(left).toBeCloseTo(1 / (1 + Math.exp(1)), 6);
    expect(right).toBeCloseTo(1 / (1 + Math.exp(-3)), 6);
    expect(missing).toBe(right);
  });

  it('gives the same bytes for the same model', () => {
    const model = {
      task: { kind: 'binary' },
      weights: [Float64Array.of(1)],
      intercepts: Float64Array.of(0),
      means: Float64Array.of(2),
    } as const;
    expect(writeModel(linearGraph(model))).toEqual(writeModel(linearGraph(model)));
  });
});

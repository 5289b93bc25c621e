import { describe, expect, it } from 'vitest';
import { matrixSource } from './feature-source.ts';
import { latencyFigures, scoreBatches } from './score-batches.ts';
import { openInferenceSession } from './session.ts';
import { elementwiseModel } from './small-models.ts';

describe('scoreBatches', () => {
  it('keeps every row in its place whatever the batch size', async () => {
    const rows = 1003;
    // Column-major: the second column, which the scores are taken from, counts the rows.
    const matrix = Float32Array.from({ length: rows * 2 }, (_, index) => (index < rows ? -1 : index - rows));
    const session = await openInferenceSession({ model: elementwiseModel('Add', [0, 0.5]), threads: 1 });
    try {
      for (const batch of [1003, 100, 7]) {
        const { scores, latencyMs } = await scoreBatches(
          session,
          matrixSource(matrix, rows, 2, { from: 3, to: rows }),
          { batch },
        );
        expect([...scores]).toEqual(Array.from({ length: 1000 }, (_, row) => row + 3.5));
        expect(latencyMs.batches).toBe(Math.ceil(1000 / batch));
      }
    } finally {
      await session.close();
    }
  });

  it('refuses a model of another width', async () => {
    const session = await openInferenceSession({ model: elementwiseModel('Add', [0, 0, 0]), threads: 1 });
    try {
      const source = matrixSource(new Float32Array(4), 2, 2, { from: 0, to: 2 });
      await expect(scoreBatches(session, source, { batch: 2 })).rejects.toMatchObject({
        code: 'UNSUPPORTED_FORMAT',
      });
    } finally {
      await session.close();
    }
  });
});

describe('latencyFigures', () => {
  it('takes nearest ranks', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(latencyFigures(hundred)).toEqual({ p50: 50, p99: 99, mean: 50.5, batches: 100 });
    expect(latencyFigures([])).toEqual({ p50: 0, p99: 0, mean: 0, batches: 0 });
  });
});

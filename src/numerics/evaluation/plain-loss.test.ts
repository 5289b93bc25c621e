import { describe, expect, it } from 'vitest';
import { type PredictedRows, plainLoss } from './index.ts';

const rows = (task: PredictedRows['task'], labels: number[], predictions: number[]): PredictedRows => ({
  task,
  labels,
  predictions,
  outputs: task === 'multiclass' ? 3 : 1,
  weights: null,
});

describe('the plain loss', () => {
  it('has the textbook values', () => {
    expect(plainLoss(rows('binary', [1, 0], [0.8, 0.4]))).toBeCloseTo(
      -(Math.log(0.8) + Math.log(0.6)) / 2,
      14,
    );
    expect(plainLoss(rows('multiclass', [0, 2], [0.7, 0.2, 0.1, 0.1, 0.2, 0.7]))).toBeCloseTo(
      -Math.log(0.7),
      14,
    );
    expect(plainLoss(rows('regression', [1, 2, 3], [1, 2, 6]))).toBeCloseTo(Math.sqrt(3), 14);
    expect(plainLoss(rows('regression', [], []))).toBeNaN();
  });

  it('stays finite for a confident mistake', () => {
    expect(plainLoss(rows('binary', [1], [0]))).toBeCloseTo(34.54, 2);
    expect(plainLoss(rows('multiclass', [1], [1, 0, 0]))).toBeCloseTo(34.54, 2);
  });

  it('is refused of predictions that are no numbers or do not fit the labels', () => {
    expect(() => plainLoss(rows('binary', [1, 0], [Number.NaN, 0.1]))).toThrow(/not a number/);
    expect(() => plainLoss(rows('regression', [1, 0], [0.1]))).toThrow(/one prediction/);
  });
});

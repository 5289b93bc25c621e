import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../shared/contract/types.ts';
import { textEvaluation } from './evaluation-text.ts';

const evaluation: Evaluation = {
  rocCurve: [],
  calibration: [],
  baseline: {},
  rows: 800,
  weighted: true,
  threshold: { value: 0.3125, goal: 'f1', unreached: false },
  bootstrap: { resamples: 200, confidence: 0.95, rows: 800 },
  confusion: {
    classes: ['a', null],
    counts: [
      [5, 1],
      [2, 9],
    ],
  },
  slices: [
    {
      column: 'town',
      value: null,
      rows: 40,
      metrics: { auc: 0.71234 },
      intervals: { auc: { lower: 0.6, upper: 0.8 } },
    },
  ],
  importance: [{ feature: 'price', gain: 12.34567, splits: 4, permutation: -0.001, shapley: 0.5 }],
};

describe('an evaluation on a terminal', () => {
  it('says how it was measured, and where the model errs', () => {
    const text = textEvaluation(evaluation).join('\n\n');
    expect(text).toContain('800 rows, counted by weight');
    expect(text).toContain('0.3125 (f1)');
    expect(text).toContain('95 % bootstrap, 200 resamples of 800 rows');
    expect(text).toMatch(/\(others\)\s+2\s+9/);
    expect(text).toMatch(/town = \(missing\)\s+40\s+0\.7123\s+0\.6 – 0\.8/);
    expect(text).toMatch(/price\s+12\.35\s+4\s+-0\.001\s+0\.5/);
  });

  it('is silent for runs without one', () => {
    expect(textEvaluation(null)).toEqual([]);
    expect(textEvaluation({ rocCurve: [], calibration: [], baseline: {}, importance: [] })).toEqual([]);
  });
});

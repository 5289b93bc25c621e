import { describe, expect, it } from 'vitest';
import type { DriftColumn } from '../../../shared/contract/types.ts';
import { byDrift, driftRatio, largestChange } from './drift-order.ts';

const column = (name: string, score: number, threshold: number, drift: boolean): DriftColumn => ({
  name,
  type: 'float64',
  test: 'ks',
  score,
  threshold,
  pValue: 0.5,
  qValue: 0.5,
  drift,
  missing: { reference: 0, current: 0 },
  distribution: {
    edges: [0, 1, 2, 3],
    categories: null,
    reference: [0.5, 0.3, 0.2],
    current: [0.4, 0.2, 0.4],
  },
});

describe('the order of drift', () => {
  it('puts what has drifted first, and the worst of it on top', () => {
    const names = byDrift([
      column('near', 0.9, 1, false),
      column('far', 8, 2, true),
      column('little', 0.03, 0.02, true),
      column('none', 0, 0, false),
    ]).map(({ name }) => name);
    expect(names).toEqual(['far', 'little', 'near', 'none']);
  });

  it('does not divide by a threshold of nothing', () => {
    expect(driftRatio({ score: 1, threshold: 0 })).toBe(0);
  });

  it('finds where the shares changed most', () => {
    expect(largestChange(column('x', 1, 1, true))).toBe(2);
  });
});

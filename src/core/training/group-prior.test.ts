import { describe, expect, it } from 'vitest';
import type { Column } from '../../shared/table/column.ts';
import { fitGroupPrior, predictGroupPrior } from './group-prior.ts';

const origin: Column = {
  name: 'origin',
  type: 'string',
  validity: null,
  values: Uint32Array.of(0, 1, 0, 1, 2),
  dictionary: ['ATL', 'ORD', 'LAX'],
};

describe('group prior', () => {
  it('predicts each group by its own past and a new group by the overall mean', () => {
    const train = Uint32Array.of(0, 1, 2, 3);
    const prior = fitGroupPrior(origin, Float32Array.of(1, 0, 1, 0), train);
    const [atl, ord, lax] = predictGroupPrior(prior, origin, Uint32Array.of(0, 1, 4));
    expect(atl).toBeCloseTo((2 + 10) / 22, 12);
    expect(ord).toBeCloseTo(10 / 22, 12);
    expect(lax).toBe(0.5);
  });

  it('is the overall mean without groups', () => {
    const prior = fitGroupPrior(null, Float32Array.of(1, 0, 0, 0), Uint32Array.of(0, 1, 2, 3));
    expect([...predictGroupPrior(prior, null, Uint32Array.of(0, 4))]).toEqual([0.25, 0.25]);
  });
});

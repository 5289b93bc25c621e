import { describe, expect, it } from 'vitest';
import type { ColumnProfile } from '../../../shared/contract/types.ts';
import { labelFacts, likelyFeatures } from './label-facts.ts';

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'label',
  type: 'int64',
  rows: 1000,
  nulls: 0,
  distinct: 2,
  min: 0,
  max: 1,
  mean: null,
  standardDeviation: null,
  quantiles: [],
  histogram: [],
  topValues: [],
  ...more,
});

describe('a column as a label', () => {
  it.each<[string, Partial<ColumnProfile>, string | null, string[]]>([
    ['yes and no', { type: 'bool' }, 'binary', []],
    ['0 and 1', {}, 'binary', []],
    ['1 and 2', { min: 1, max: 2 }, 'multiclass', []],
    ['a few texts', { type: 'string', distinct: 4 }, 'multiclass', []],
    ['many whole numbers', { distinct: 80, max: 90 }, 'regression', []],
    ['fractions', { type: 'float64', distinct: 3, topValues: [{ value: 0.5, count: 9 }] }, 'regression', []],
    ['nothing', { nulls: 1000, distinct: 0 }, null, ['empty']],
    ['one value', { distinct: 1 }, null, ['constant']],
    ['a number of each row', { type: 'string', distinct: 1000 }, null, ['identifier']],
    ['too many texts', { type: 'string', distinct: 700 }, null, ['classes']],
    ['times', { type: 'timestamp', distinct: 700 }, null, ['text']],
    ['gaps', { nulls: 250 }, 'binary', ['missing']],
    [
      'a rare class',
      {
        topValues: [
          { value: 0, count: 995 },
          { value: 1, count: 5 },
        ],
      },
      'binary',
      ['rare'],
    ],
  ])('%s', (_name, more, task, warnings) => {
    expect(labelFacts(column(more))).toMatchObject({ task, warnings });
  });

  it('leaves the rest as features, but for what names rows, their times and what the label is made of', () => {
    const profiles = [
      column({ name: 'delay', distinct: 50 }),
      column({ name: 'order_id', type: 'string', distinct: 1000 }),
      column({ name: 'at', type: 'timestamp', distinct: 900 }),
      column({ name: 'arrived_at', type: 'timestamp', distinct: 900 }),
      column({ name: 'constant', distinct: 1 }),
      column({ name: 'city', type: 'string', distinct: 7 }),
      column({ name: 'customer', distinct: 300 }),
    ];
    const asked = { label: "delay > 15 AND city <> 'x'", times: ['at', 'arrived_at'], keys: ['customer'] };
    expect(likelyFeatures(profiles, asked)).toEqual([]);
    expect(likelyFeatures(profiles, { ...asked, label: 'delay', keys: [] })).toEqual(['city', 'customer']);
  });
});

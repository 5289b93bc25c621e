import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/types.ts';
import { dataRows, metricRows, paramRows, placesBy, tagRows } from './compare-rows.ts';

const run = (part: Partial<Run>): Run => ({
  id: 'r',
  experiment: 'e',
  name: 'n',
  status: 'finished',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  params: {},
  metrics: {},
  tags: {},
  artifacts: [],
  data: [],
  model: null,
  ...part,
});

describe('comparing runs', () => {
  it('ranks metrics by what is better, not by what is larger', () => {
    const rows = metricRows(
      [
        run({ metrics: { auc: 0.7, logloss: 0.4, trees: 9 } }),
        run({ metrics: { auc: 0.6, logloss: 0.5, trees: 8 } }),
      ],
      ['auc', 'logloss'],
    );
    expect(rows.map(({ name, cells }) => [name, ...cells.map(({ rank }) => rank)])).toEqual([
      ['auc', 1, 0],
      ['logloss', 1, 0],
      ['trees', null, null],
    ]);
  });

  it('says which way is better, and nothing of metrics that do not judge', () => {
    const rows = metricRows([run({ metrics: { auc: 0.7, logloss: 0.4, trees: 9 } })], ['auc', 'logloss']);
    expect(rows.map(({ key, better }) => [key, better])).toEqual([
      ['metric.auc', 'higher'],
      ['metric.logloss', 'lower'],
      ['metric.trees', null],
    ]);
  });

  it('shows tags beside each other', () => {
    expect(tagRows([run({ tags: { owner: 'a' } }), run({ tags: { owner: 'b' } })])).toMatchObject([
      { key: 'tag.owner', differs: true, cells: [{ text: 'a' }, { text: 'b' }] },
    ]);
  });

  it('tells what differs, a missing value included', () => {
    const rows = paramRows([run({ params: { seed: '7', trees: '10' } }), run({ params: { seed: '7' } })]);
    expect(rows.map(({ name, differs }) => [name, differs])).toEqual([
      ['seed', false],
      ['trees', true],
    ]);
    expect(metricRows([run({ metrics: { auc: 1 } }), run({})], ['auc'])[0]?.differs).toBe(true);
  });

  it('shows which version of a dataset each run read', () => {
    const read = (version: number) => run({ data: [{ name: 'flights', version, digest: 'abcdef0123' }] });
    expect(dataRows([read(1), read(2), run({})])).toMatchObject([
      {
        name: 'flights',
        differs: true,
        cells: [{ text: 'v1 · abcdef01' }, { text: 'v2 · abcdef01' }, { text: null }],
      },
    ]);
  });

  it('orders runs by a row: the best first, numbers as numbers, and what has no value last', () => {
    const runs = [
      run({ metrics: { auc: 0.6, loss: 0.5 }, params: { lr: '0.1' } }),
      run({ metrics: { loss: 0.7 }, params: { lr: '1e-3' } }),
      run({ metrics: { auc: 0.9, loss: 0.2 }, params: {} }),
    ];
    const [auc, loss] = metricRows(runs, ['auc', 'loss']);
    expect(placesBy(auc!)).toEqual([2, 0, 1]);
    expect(placesBy(loss!)).toEqual([2, 0, 1]);
    expect(placesBy(paramRows(runs)[0]!)).toEqual([1, 0, 2]);
  });
});

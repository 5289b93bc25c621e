import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/types.ts';
import { columnGroups, inTableOrder, usualColumns } from './run-columns.ts';

const run = (metrics: Record<string, number>): Run => ({
  id: 'r',
  experiment: 'e',
  name: 'n',
  status: 'finished',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  params: {},
  metrics,
  tags: {},
  artifacts: [],
  data: [],
  model: null,
});

describe('the columns of the list of runs', () => {
  it('are, without a choice, the metrics that most runs have, most telling first', () => {
    const runs = [
      run({ logloss: 1, auc: 1, rare: 1 }),
      run({ auc: 1, logloss: 1 }),
      run({ auc: 1 }),
      run({ auc: 1 }),
    ];
    expect(usualColumns(runs)).toEqual([
      'experiment',
      'metric.auc',
      'metric.logloss',
      'gain',
      'started',
      'duration',
    ]);
    expect(usualColumns([])).toEqual(['experiment', 'gain', 'started', 'duration']);
  });

  it('stay together by kind, in the order of their choice', () => {
    expect(inTableOrder(['started', 'tag.owner', 'metric.b', 'param.x', 'metric.a', 'experiment'])).toEqual([
      'experiment',
      'metric.b',
      'metric.a',
      'param.x',
      'tag.owner',
      'started',
    ]);
  });

  it('can be any name that a run used', () => {
    const groups = columnGroups({ metrics: ['auc'], params: ['a.b'], tags: [] }, (key) => key);
    expect(groups.flatMap(({ options }) => options.map(({ key }) => key))).toContain('param.a.b');
  });
});

import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/types.ts';
import { compareRuns, textComparison } from './run-commands.ts';

const run = (place: number, name: string): Run => ({
  id: `${place}`.repeat(12),
  experiment: 'e',
  name,
  status: 'finished',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  params: { depth: String(place) },
  metrics: { auc: place / 10 },
  tags: {},
  artifacts: [],
  data: [],
  model: null,
});

describe('compared runs as text', () => {
  it('stand side by side while there is room, told apart by their ids', () => {
    const runs = [run(1, 'fit'), run(2, 'fit')];
    expect(textComparison(runs, compareRuns(runs)).split('\n')).toEqual([
      '       fit 11111111  fit 22222222',
      'auc             0.1           0.2',
      'depth             1             2',
    ]);
  });

  it('take a line each where there are many', () => {
    const runs = Array.from({ length: 20 }, (_, index) => index).map((place) => run(place, `sweep-${place}`));
    const lines = textComparison(runs, compareRuns(runs)).split('\n');
    expect(lines[0]).toBe('Run       auc  depth');
    expect(lines[7]).toBe('sweep-6   0.6      6');
  });
});

import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/types.ts';
import { goodnessAlong, pointAxis, runAxes, usualAxes } from './compare-axes.ts';

const run = (params: Record<string, string>, metrics: Record<string, number>): Run => ({
  id: 'r',
  experiment: 'e',
  name: 'n',
  status: 'finished',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  params,
  metrics,
  tags: {},
  artifacts: [],
  data: [],
  model: null,
});

const runs = [
  run({ learner: 'gbdt', leaves: '31', seed: '7', lr: '1e-3' }, { auc: 0.7, logloss: 0.4, trees: 10 }),
  run({ learner: 'linear', leaves: '255', seed: '7', lr: 'auto' }, { auc: 0.9, logloss: 0.3, trees: 20 }),
  run({ learner: 'gbdt', seed: '7', lr: '0.1' }, { auc: 0.8, logloss: 0.5, trees: 30 }),
];
const axes = runAxes(runs);
const axis = (key: string) => axes.find((one) => one.key === key)!;

describe('axes of a comparison', () => {
  it('are what differs: numbers where all are numbers, else categories', () => {
    expect(axes.map(({ key }) => key)).toEqual([
      'param.learner',
      'param.leaves',
      'param.lr',
      'metric.auc',
      'metric.logloss',
      'metric.trees',
    ]);
    expect(axis('param.leaves').values).toEqual([31, 255, null]);
    expect(axis('param.lr').values).toEqual(['1e-3', 'auto', '0.1']);
    expect(usualAxes(axes)).toEqual([
      'param.learner',
      'param.leaves',
      'param.lr',
      'metric.auc',
      'metric.logloss',
    ]);
  });

  it('tell good from bad by the direction of the metric', () => {
    expect(goodnessAlong(axis('metric.auc')).map((value) => value?.toFixed(2))).toEqual([
      '0.00',
      '1.00',
      '0.50',
    ]);
    expect(goodnessAlong(axis('metric.logloss')).map((value) => value?.toFixed(2))).toEqual([
      '0.50',
      '1.00',
      '0.00',
    ]);
    expect(goodnessAlong(axis('metric.trees'))).toEqual([null, null, null]);
  });

  it('place texts beside each other and numbers by their value', () => {
    expect(pointAxis(axis('param.learner'))).toMatchObject({
      min: -0.5,
      max: 1.5,
      ticks: [
        { value: 0, label: 'gbdt' },
        { value: 1, label: 'linear' },
      ],
      places: [0, 1, 0],
    });
    expect(pointAxis(axis('param.leaves')).places).toEqual([31, 255, null]);
  });
});

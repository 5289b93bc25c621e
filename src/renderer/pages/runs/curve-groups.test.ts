import { describe, expect, it } from 'vitest';
import { curveGroups } from './curve-groups.ts';

describe('curveGroups', () => {
  it('puts parts of the data into one chart, with the same colours everywhere', () => {
    expect(curveGroups(['validationLoss', 'trainLoss', 'train_auc', 'auc/val', 'learningRate'])).toEqual([
      {
        title: 'auc',
        curves: [
          { metric: 'auc/val', color: 0 },
          { metric: 'train_auc', color: 2 },
        ],
      },
      { title: 'learningRate', curves: [{ metric: 'learningRate', color: 0 }] },
      {
        title: 'loss',
        curves: [
          { metric: 'trainLoss', color: 2 },
          { metric: 'validationLoss', color: 0 },
        ],
      },
    ]);
  });

  it('puts the load of the machine last', () => {
    expect(curveGroups(['system/memory_bytes', 'train_loss', 'val_loss']).map(({ title }) => title)).toEqual([
      'loss',
      'system/memory_bytes',
    ]);
  });

  it('keeps a metric that is named like a part alone', () => {
    expect(curveGroups(['test', 'value'])).toEqual([
      { title: 'test', curves: [{ metric: 'test', color: 0 }] },
      { title: 'value', curves: [{ metric: 'value', color: 0 }] },
    ]);
  });
});

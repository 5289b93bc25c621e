import { describe, expect, it } from 'vitest';
import { judgingMetrics, verdictOf } from './verdict.ts';

describe('the verdict of a run', () => {
  it('is about the most telling metric, beside its baseline', () => {
    const verdict = verdictOf({ logloss: 0.44, auc: 0.731, baselineAuc: 0.612, baselineLogloss: 0.5 });
    expect(verdict).toMatchObject({ metric: 'auc', value: 0.731, baseline: 0.612 });
    expect(verdict?.gain).toBeCloseTo(0.119, 10);
  });

  it('counts a smaller error as a gain', () => {
    expect(verdictOf({ rmse: 8, baselineRmse: 10 })?.gain).toBe(2);
    expect(verdictOf({ rmse: 12, baselineRmse: 10 })?.gain).toBe(-2);
  });

  it('claims nothing without a baseline, and nothing at all without metrics', () => {
    expect(verdictOf({ auc: 0.7 })?.gain).toBeNull();
    expect(verdictOf({ baselineAuc: 0.6 })).toBeNull();
  });

  it('finds what scripts judge by, whatever they call it, and never takes the load of the machine for it', () => {
    const metrics = { lr: 0.1, 'system/memory_bytes': 2e8, train_loss: 0.2, val_loss: 0.3, steps_done: 9 };
    expect(verdictOf(metrics)?.metric).toBe('val_loss');
    expect(judgingMetrics({ ...metrics, training_accuracy_score: 0.9, test_accuracy: 0.8 })).toEqual([
      'test_accuracy',
      'training_accuracy_score',
      'val_loss',
      'train_loss',
      'steps_done',
      'lr',
      'system/memory_bytes',
    ]);
    expect(verdictOf({ 'system/cpu_percent': 20 })).toBeNull();
  });

  it('leaves facts about the model out of judgement', () => {
    expect(judgingMetrics({ trees: 200, onnxDifference: 1e-7, brier: 0.1, custom: 3, auc: 0.7 })).toEqual([
      'auc',
      'brier',
      'custom',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { FalajError } from '../../../shared/errors.ts';
import { keptTrial } from './kept-trial.ts';

const GOALS = [
  { metric: 'auc', isGreaterBetter: true },
  { metric: 'trees', isGreaterBetter: false },
];
const measured = (losses: readonly number[]) => ({ losses, pruned: false, failure: null });
/** Losses of AUC and of trees. */
const TRIALS = [
  [-0.9, 100],
  [-0.89, 20],
  [-0.7, 5],
  [-0.9, 120],
  [-0.6, 50],
  [Number.NaN, 1],
].map((losses) => measured(losses));

describe('the trial that is kept', () => {
  it('is the best of the first objective on the front, unless another choice is asked for', () => {
    expect(keptTrial(TRIALS, GOALS, undefined)).toEqual({ place: 0, front: [0, 1, 2] });
    expect(keptTrial(TRIALS, GOALS, 'knee').place).toBe(1);
    expect(keptTrial(TRIALS, GOALS, { metric: 'trees' }).place).toBe(2);
    expect(keptTrial(TRIALS, GOALS, { metric: 'trees', within: 0.02 }).place).toBe(1);
    expect(keptTrial(TRIALS, GOALS, { metric: 'trees', within: 0.001 }).place).toBe(0);
    expect(keptTrial(TRIALS, GOALS, { metric: 'auc' }).place).toBe(0);
  });

  it('is the earliest of equals, and the only one of its front', () => {
    const equal = [[3], [1], [2], [1]].map((losses) => measured(losses));
    expect(keptTrial(equal, GOALS.slice(0, 1), undefined)).toEqual({ place: 1, front: [1, 3] });
    expect(keptTrial([measured([1, 2])], GOALS, 'knee').place).toBe(0);
  });

  it('is none where no trial ended, or could be measured', () => {
    for (const none of [[], [{ ...measured([Number.NaN, Number.NaN]), pruned: true }]])
      expect(() => keptTrial(none, GOALS, undefined)).toThrow(expect.objectContaining({ code: 'TIMED_OUT' }));
    expect(() => keptTrial(TRIALS.slice(5), GOALS, undefined)).toThrow(
      expect.objectContaining({ code: 'LABEL_UNUSABLE' }),
    );
    const failure = new FalajError('OUT_OF_MEMORY', 'The GPU has not enough memory.');
    const failed = { ...measured([Number.NaN]), failure };
    const given = { ...measured([Number.NaN]), pruned: true };
    expect(() => keptTrial([given, failed], GOALS.slice(0, 1), undefined)).toThrow(failure);
  });
});

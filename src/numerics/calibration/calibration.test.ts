import { describe, expect, it } from 'vitest';
import { logLoss } from '../../../test/fixtures/plain-metrics.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { calibrate, fitIsotonic, fitPlatt } from './index.ts';

const random = mulberry32(2);
const scores = Float64Array.from({ length: 20_000 }, () => random() * 6 - 3);
const labels = scores.map((score) => (random() < 1 / (1 + Math.exp(-(0.5 * score - 1))) ? 1 : 0));

describe('calibrations', () => {
  it('of Platt find the line that made the labels', () => {
    const { slope, offset } = fitPlatt(scores, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(Math.abs(offset + 1)).toBeLessThan(0.05);
  });

  it('of Platt stay finite for separated classes', () => {
    const fit = fitPlatt([-2, -1, 1, 2], [0, 0, 1, 1]);
    expect(calibrate(fit, [5])[0]!).toBeLessThan(0.99);
    expect(calibrate(fit, [5])[0]!).toBeGreaterThan(0.7);
  });

  it('pool adjacent violators as by hand', () => {
    // 1, then 0 and 1 out of order at the ends of a pool of three
    const fit = fitIsotonic([1, 2, 3, 4, 5, 5], [0, 1, 0, 1, 1, 0]);
    expect([...fit.thresholds]).toEqual([1, 2, 3, 4, 5]);
    expect(fit.chances[0]).toBe(0);
    expect(fit.chances[1]).toBe(0.5);
    expect(fit.chances[2]).toBe(0.5);
    expect(fit.chances[3]).toBeCloseTo(2 / 3, 12);
    expect(fit.chances[4]).toBeCloseTo(2 / 3, 12);
    expect(calibrate(fit, [-9, 1.5, 3.5, 99])[1]!).toBeCloseTo(0.25, 12);
  });

  it('lower the log loss of scores that say too much', () => {
    const before = logLoss(
      labels,
      scores.map((score) => 1 / (1 + Math.exp(-score))),
    );
    for (const fit of [fitPlatt(scores, labels), fitIsotonic(scores, labels)])
      expect(logLoss(labels, calibrate(fit, scores))).toBeLessThan(before - 0.05);
  });

  it('count a row of weight 2 as that row twice', () => {
    const some = [...scores.subarray(0, 300)];
    const own = [...labels.subarray(0, 300)];
    const times = some.map((_, row) => row % 3);
    const repeat = (values: number[]): number[] =>
      values.flatMap((value, row) => new Array<number>(times[row]!).fill(value));
    for (const learn of [fitPlatt, fitIsotonic]) {
      const weighted = calibrate(learn(some, own, times), [-2, 0, 1]);
      const repeated = calibrate(learn(repeat(some), repeat(own)), [-2, 0, 1]);
      for (const [at, chance] of weighted.entries()) expect(chance).toBeCloseTo(repeated[at]!, 8);
    }
  });

  it('refuse one class, and scores that are not finite', () => {
    expect(() => fitPlatt([1, 2], [1, 1])).toThrow(expect.objectContaining({ code: 'LABEL_UNUSABLE' }));
    expect(() => fitIsotonic([1, Number.POSITIVE_INFINITY], [0, 1])).toThrow(/row 2/);
  });
});

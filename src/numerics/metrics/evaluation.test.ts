import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../arrays/mulberry32.ts';
import {
  auc,
  averagePrecision,
  binaryConfusion,
  bootstrapInterval,
  chooseThreshold,
  confusionMatrix,
  f1Score,
  fitBaseline,
  meanAbsoluteError,
  measureMulticlass,
  measureSlices,
  precision,
  quantileLoss,
  recall,
} from './index.ts';

const labels = [0, 0, 1, 1, 0, 1];
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.9];

describe('figures of a yes or no', () => {
  it('count right and wrong answers at a threshold', () => {
    const confusion = binaryConfusion(labels, scores, 0.4);
    expect(confusion).toEqual({ truePositives: 2, falsePositives: 2, trueNegatives: 1, falseNegatives: 1 });
    expect([precision(confusion), recall(confusion), f1Score(confusion)]).toEqual([0.5, 2 / 3, 4 / 7]);
  });

  it('weigh precision by the recall that each threshold adds, ties together', () => {
    // 0.9 and 0.8 are yes at precision 1; 0.35 comes fifth, after two no of 0.4
    expect(averagePrecision(labels, scores)).toBeCloseTo((1 + 1 + 3 / 5) / 3, 12);
    expect(averagePrecision([1, 0], [1, 1])).toBe(0.5);
    expect(averagePrecision([0, 0], [1, 2])).toBeNaN();
  });

  it('choose thresholds by what is wanted', () => {
    expect(chooseThreshold(labels, scores, { kind: 'f1' })?.threshold).toBe(0.8);
    expect(chooseThreshold(labels, scores, { kind: 'recall', least: 1 })?.threshold).toBe(0.35);
    expect(chooseThreshold(labels, scores, { kind: 'precision', least: 0.9 })?.threshold).toBe(0.8);
    expect(
      chooseThreshold(labels, scores, { kind: 'cost', falsePositive: 1, falseNegative: 10 })?.threshold,
    ).toBe(0.35);
    expect(chooseThreshold([0, 0], [1, 2], { kind: 'precision', least: 0.9 })).toBeNull();
  });
});

describe('figures of several classes', () => {
  const probabilities = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.2, 0.5, 0.3, 0.1, 0.2, 0.7];
  it('stand for each class against the others, and for their means', () => {
    const figures = measureMulticlass([0, 1, 2, 2], probabilities, 3);
    expect(figures.accuracy).toBe(0.75);
    expect(figures.confusion.map((counts) => [...counts])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(figures.macroF1).toBeCloseTo((1 + 2 / 3 + 2 / 3) / 3, 12);
    expect([...figures.aucByClass]).toEqual([1, 1, 1]);
    expect(figures.logloss).toBeCloseTo(-Math.log(0.7 * 0.8 * 0.3 * 0.7) / 4, 12);
  });

  it('refuse classes that there are not', () => {
    expect(() => confusionMatrix([0, 3], [0, 0], 3)).toThrow(/Row 2/);
  });
});

describe('intervals, slices and baselines', () => {
  it('hold the true figure about as often as they say', () => {
    const random = mulberry32(8);
    const trials = 200;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const truth = Float64Array.from({ length: 150 }, () => random() + random() + random() - 1.5);
      const interval = bootstrapInterval(
        truth,
        new Float64Array(150),
        (a) => a.reduce((s, x) => s + x, 0) / a.length,
        {
          resamples: 200,
          confidence: 0.9,
          seed: trial,
        },
      );
      if (interval.lower <= 0 && interval.upper >= 0) held++;
    }
    expect(held / trials).toBeGreaterThan(0.82);
    expect(held / trials).toBeLessThan(0.97);
  });

  it('are the same for the same seed, and leave out resamples of one class', () => {
    const options = { resamples: 500, confidence: 0.95, seed: 1 };
    const interval = bootstrapInterval(labels, scores, auc, options);
    expect(bootstrapInterval(labels, scores, auc, options)).toEqual(interval);
    expect(interval.estimate).toBe(auc(labels, scores));
    expect(interval.resamples).toBeLessThan(500);
    expect(interval.upper).toBe(1);
  });

  it('measure every slice apart', () => {
    const slices = measureSlices(['a', 'b', 'a', 'a', 'b', 'b'], labels, scores, meanAbsoluteError);
    expect(slices.map(({ slice, rows }) => [slice, rows])).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
    expect(slices[0]!.figures).toBeCloseTo((0.1 + 0.65 + 0.2) / 3, 12);
  });

  it('answer with the mean or the median, and lose by the side they miss on', () => {
    expect(fitBaseline([4, 1, 1, 10])).toEqual({ mean: 4, median: 2.5 });
    expect(quantileLoss([10, 0], [8, 1], 0.9)).toBeCloseTo((0.9 * 2 + 0.1 * 1) / 2, 12);
  });
});

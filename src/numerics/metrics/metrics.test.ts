import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  auc,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
  meanAbsoluteError,
  rocCurve,
  rootMeanSquaredError,
  rSquared,
} from './index.ts';

const rows = fc.array(
  fc.record({ label: fc.constantFrom(0, 1), score: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.9, 1) }),
  {
    minLength: 1,
    maxLength: 40,
  },
);

/** Area under a polyline of ROC points. */
const trapezoid = (points: readonly { falsePositiveRate: number; truePositiveRate: number }[]): number =>
  points.slice(1).reduce((area, point, at) => {
    const before = points[at]!;
    const width = point.falsePositiveRate - before.falsePositiveRate;
    return area + (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
  }, 0);

describe('auc and rocCurve', () => {
  it('equals the share of concordant pairs, ties counting half', () => {
    fc.assert(
      fc.property(rows, (data) => {
        let concordant = 0;
        let pairs = 0;
        for (const positive of data.filter((row) => row.label === 1)) {
          for (const negative of data.filter((row) => row.label === 0)) {
            pairs++;
            concordant += positive.score > negative.score ? 1 : positive.score === negative.score ? 0.5 : 0;
          }
        }
        const area = auc(
          data.map((row) => row.label),
          data.map((row) => row.score),
        );
        if (pairs === 0) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(concordant / pairs, 12);
      }),
    );
  });

  it('is the area under the full curve', () => {
    const labels = [0, 1, 1, 0, 1, 0, 1, 1];
    const scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.2, 0.9, 0.1];
    expect(trapezoid(rocCurve(labels, scores))).toBeCloseTo(auc(labels, scores), 12);
  });

  it('draws at most the asked number of points, ends included, hardly losing area', () => {
    const scores = Array.from({ length: 20_000 }, (_, row) => ((row * 7919) % 20_011) / 20_011);
    const labels = scores.map((score, row) => (((row * 104_729) % 1009) / 1009 < score ? 1 : 0));
    const curve = rocCurve(labels, scores, 200);
    expect(curve.length).toBeLessThanOrEqual(200);
    expect(curve.length).toBeGreaterThan(150);
    expect(curve[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(curve.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
    expect(trapezoid(curve)).toBeCloseTo(auc(labels, scores), 3);
    expect(rocCurve([1, 1], [0.5, 0.6])).toEqual([]);
  });
});

describe('probability metrics', () => {
  it('gives the textbook values', () => {
    expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 14);
    expect(brierScore([1, 0], [0.8, 0.4])).toBeCloseTo((0.04 + 0.16) / 2, 14);
    expect(logLoss([1], [0])).toBeCloseTo(34.54, 2);
    expect(logLoss([], [])).toBeNaN();
  });

  it('groups a calibration curve by equal counts without splitting equal probabilities', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 8 }), (data, bins) => {
        const curve = calibrationCurve(
          data.map((row) => row.label),
          data.map((row) => row.score),
          bins,
        );
        expect(curve.length).toBeLessThanOrEqual(bins);
        expect(curve.reduce((total, point) => total + point.count, 0)).toBe(data.length);
        const predicted = curve.map((point) => point.predicted);
        expect(predicted).toEqual([...new Set(predicted)].sort((a, b) => a - b));
      }),
    );
  });

  it('finds no calibration error where shares match and the gap where they do not', () => {
    expect(expectedCalibrationError(calibrationCurve([0, 1, 1, 1], [0.5, 0.5, 1, 1]))).toBeCloseTo(0, 14);
    expect(expectedCalibrationError(calibrationCurve([0, 0, 1, 1], [0.25, 0.25, 1, 1]))).toBeCloseTo(
      0.125,
      14,
    );
  });

  it('refuses predictions that are not numbers or do not fit the labels', () => {
    expect(() => auc([1, 0], [Number.NaN, 0.1])).toThrow(/not a number/);
    expect(() => logLoss([1, 0], [0.1])).toThrow(/one prediction per label/);
  });
});

describe('regression metrics', () => {
  it('gives the textbook values', () => {
    expect(rootMeanSquaredError([1, 2, 3], [1, 2, 6])).toBeCloseTo(Math.sqrt(3), 14);
    expect(meanAbsoluteError([1, 2, 3], [2, 2, 1])).toBeCloseTo(1, 14);
    expect(rSquared([1, 2, 3], [2, 2, 2])).toBeCloseTo(0, 14);
    expect(rSquared([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(rSquared([5, 5], [5, 5])).toBeNaN();
  });
});

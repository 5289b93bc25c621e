import { describe, expect, it } from 'vitest';
import {
  type Answers,
  answersByThreshold,
  auc,
  averagePrecision,
  brierScore,
  f1,
  logLoss,
  macroMetrics,
  precision,
  quantileLoss,
  recall,
  rocCurve,
  rootMeanSquaredError,
  rSquared,
} from '../../../test/fixtures/plain-metrics.ts';
import { mulberry32 } from '../arrays/mulberry32.ts';
import {
  bestThreshold,
  bootstrapFigures,
  confusionTable,
  definedFigures,
  type PredictedRows,
  precisionRecallOf,
  prepareFigures,
  rankRows,
  reliabilityOf,
  residualsOf,
  rocOf,
  type ThresholdWish,
  thresholdPoints,
} from './index.ts';

const OPTIONS = { threshold: 0.5, quantile: null };

/** Chances rounded so that many are the same, and labels that come about as often as they say. */
function binaryRows(count: number, seed: number, weights: Float64Array | null = null): PredictedRows {
  const random = mulberry32(seed);
  const predictions = Float64Array.from({ length: count }, () => (1 + Math.round(random() * 48)) / 50);
  const labels = predictions.map((chance) => Number(random() < chance));
  return { task: 'binary', labels, predictions, outputs: 1, weights };
}

function classRows(count: number, seed: number): PredictedRows {
  const random = mulberry32(seed);
  const labels = Float64Array.from({ length: count }, () => Math.floor(random() * 3));
  const predictions = new Float64Array(count * 3);
  for (let row = 0; row < count; row++) {
    const chances = [0, 1, 2].map((of) => random() + (of === labels[row] ? 0.6 : 0));
    const sum = chances.reduce((total, chance) => total + chance, 0);
    for (const [of, chance] of chances.entries()) predictions[row * 3 + of] = chance / sum;
  }
  return { task: 'multiclass', labels, predictions, outputs: 3, weights: null };
}

describe('figures of predicted rows', () => {
  it('are those of the plain metrics where all rows count the same', () => {
    const rows = binaryRows(3000, 1);
    const { labels, predictions } = rows;
    const figures = prepareFigures(rows, OPTIONS)();
    expect(figures['auc']).toBeCloseTo(auc(labels, predictions), 12);
    expect(figures['prAuc']).toBeCloseTo(averagePrecision(labels, predictions), 12);
    expect(figures['logloss']).toBeCloseTo(logLoss(labels, predictions), 12);
    expect(figures['brier']).toBeCloseTo(brierScore(labels, predictions), 12);
    const atHalf = answersByThreshold(labels, predictions).find(({ threshold }) => threshold === 0.5)!;
    for (const [name, value] of Object.entries({ f1, precision, recall }))
      expect(figures[name]).toBeCloseTo(value(atHalf), 12);
    expect(figures['ece']).toBeLessThan(0.05);

    const many = classRows(900, 2);
    const measured = prepareFigures(many, OPTIONS)();
    for (const [name, value] of Object.entries(macroMetrics(many.labels, many.predictions, 3)))
      expect(measured[name]).toBeCloseTo(value, 12);

    const numbers = { ...rows, task: 'regression' as const };
    const ofNumbers = prepareFigures(numbers, { threshold: 0.5, quantile: 0.9 })();
    expect(ofNumbers['rmse']).toBeCloseTo(rootMeanSquaredError(labels, predictions), 12);
    expect(ofNumbers['r2']).toBeCloseTo(rSquared(labels, predictions), 10);
    expect(ofNumbers['quantileLoss']).toBeCloseTo(quantileLoss(labels, predictions, 0.9), 12);
  });

  it.each(['binary', 'multiclass', 'regression'] as const)(
    'of %s count a row of weight 2 as that row twice, by weight and by multiplicity',
    (task) => {
      const once = task === 'multiclass' ? classRows(200, 3) : { ...binaryRows(200, 3), task };
      const times = Uint8Array.from({ length: 200 }, (_, row) => row % 3);
      const rows = [...times].flatMap((count, row) => new Array<number>(count).fill(row));
      const repeated: PredictedRows = {
        ...once,
        labels: rows.map((row) => once.labels[row]!),
        predictions: rows.flatMap((row) =>
          Array.from({ length: once.outputs }, (_, of) => once.predictions[row * once.outputs + of]!),
        ),
      };
      const expected = prepareFigures(repeated, OPTIONS)();
      for (const figures of [
        prepareFigures(once, OPTIONS)(times),
        prepareFigures({ ...once, weights: times }, OPTIONS)(),
      ])
        for (const [name, value] of Object.entries(expected)) expect(figures[name]).toBeCloseTo(value, 10);
    },
  );

  it('leave out what one class does not define, and refuse predictions that are no numbers', () => {
    const rows: PredictedRows = { ...binaryRows(10, 1), labels: new Float64Array(10) };
    expect(Object.keys(definedFigures(prepareFigures(rows, OPTIONS)()))).not.toContain('auc');
    expect(() =>
      prepareFigures({ ...rows, predictions: new Float64Array(10).fill(Number.NaN) }, OPTIONS),
    ).toThrow(/not a number/);
    expect(() => prepareFigures({ ...rows, predictions: [1] }, OPTIONS)).toThrow(/one prediction/);
  });
});

describe('intervals', () => {
  it('hold the true figure about as often as they say, also from a part of the rows', () => {
    const truth = prepareFigures(binaryRows(200_000, 99), OPTIONS)();
    for (const mostRows of [10_000, 150]) {
      let [auc, logloss] = [0, 0];
      for (let trial = 0; trial < 120; trial++) {
        const { intervals } = bootstrapFigures(binaryRows(500, trial), OPTIONS, {
          resamples: 150,
          confidence: 0.9,
          seed: trial + 1_000_000,
          mostRows,
        });
        const holds = (name: string): number =>
          Number(intervals[name]!.lower <= truth[name]! && truth[name]! <= intervals[name]!.upper);
        auc += holds('auc');
        logloss += holds('logloss');
      }
      for (const held of [auc, logloss]) {
        expect(held / 120).toBeGreaterThan(0.78);
        expect(held / 120).toBeLessThanOrEqual(0.98);
      }
    }
  });

  it('are the same for the same seed', () => {
    const plan = { resamples: 20, confidence: 0.95, seed: 4, mostRows: 100 };
    const rows = classRows(500, 5);
    expect(bootstrapFigures(rows, OPTIONS, plan)).toEqual(bootstrapFigures(rows, OPTIONS, plan));
    expect(bootstrapFigures(rows, OPTIONS, plan).resampledRows).toBe(100);
  });
});

describe('curves', () => {
  const rows = binaryRows(5000, 7);
  const ranked = rankRows(rows);

  it('are those of the plain metrics', () => {
    const points = thresholdPoints(ranked, 500);
    expect(points.length).toBe(49);
    expect(rocOf(points)).toEqual(rocCurve(rows.labels, rows.predictions));
    const reliability = reliabilityOf(ranked, 10);
    expect(reliability.length).toBeGreaterThan(7);
    expect(reliability.slice(1).every(({ count }) => count >= 500)).toBe(true);
    expect(reliability.reduce((sum, { count }) => sum + count, 0)).toBe(5000);
    for (const { predicted, observed } of reliability)
      expect(Math.abs(predicted - observed)).toBeLessThan(0.1);
    expect(precisionRecallOf(points).at(-1)).toMatchObject({ recall: 1 });
  });

  it('are thinned with their ends kept', () => {
    const random = mulberry32(3);
    const many = rankRows({
      ...rows,
      predictions: Float64Array.from(rows.predictions, (p) => p + random() / 1e3),
    });
    const points = thresholdPoints(many, 100);
    expect(points.length).toBeLessThanOrEqual(102);
    expect(points.at(-1)).toMatchObject({ trueNegatives: 0, falseNegatives: 0 });
    expect(points[0]!.threshold).toBe(many.scores[0]);
    for (const wished of [0.123, 0.4567, 0.98]) {
      const exact = thresholdPoints(many, 100, wished).findLast(({ threshold }) => threshold >= wished)!;
      const answered = [...many.scores].filter((score) => score >= wished).length;
      expect(exact.truePositives + exact.falsePositives).toBe(answered);
    }
  });

  it('give the threshold that serves a wish best', () => {
    const points = thresholdPoints(ranked, 500);
    const wishes: readonly (readonly [ThresholdWish, (answers: Answers) => number])[] = [
      [{ goal: 'f1' }, f1],
      [{ goal: 'precision', least: 0.8 }, (of) => (precision(of) >= 0.8 ? recall(of) : -1)],
      [{ goal: 'recall', least: 0.9 }, (of) => (recall(of) >= 0.9 ? precision(of) : -1)],
      [
        { goal: 'cost', falsePositive: 1, falseNegative: 5 },
        (of) => -(of.falsePositives + 5 * of.falseNegatives),
      ],
    ];
    const answers = answersByThreshold(rows.labels, rows.predictions);
    for (const [wish, worth] of wishes)
      expect(bestThreshold(points, wish)?.threshold).toBe(
        answers.reduce((best, one) => (worth(one) > worth(best) ? one : best)).threshold,
      );
    expect(
      bestThreshold(thresholdPoints(rankRows({ ...rows, labels: new Float64Array(5000) }), 99), {
        goal: 'precision',
        least: 0.5,
      }),
    ).toBeNull();
  });
});

describe('tables', () => {
  it('take rare classes together', () => {
    const rows: PredictedRows = {
      task: 'multiclass',
      labels: [0, 2, 2, 1],
      predictions: [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0],
      outputs: 3,
      weights: null,
    };
    expect(confusionTable(rows, 3).counts).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(confusionTable(rows, 2)).toEqual({
      classes: [2, null],
      counts: [
        [1, 1],
        [0, 2],
      ],
    });
  });

  it('count every residual once', () => {
    const rows = { ...binaryRows(2000, 8), task: 'regression' as const };
    const { histogram, points } = residualsOf(rows);
    expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(2000);
    expect(points.length).toBe(600);
    expect(
      residualsOf({ ...rows, predictions: rows.labels }).histogram.some(({ count }) => count === 2000),
    ).toBe(true);
  });
});

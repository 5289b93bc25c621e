import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, VISIT_TOWNS, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';

let rooms: VisitTrainings;
beforeEach(async () => {
  rooms = await openVisitTrainings();
});
afterEach(() => rooms.parts.close());

const evaluated = async (changes: Record<string, unknown> = {}) => {
  const { result } = await rooms.train(visitTraining(changes));
  return { metrics: result.metrics, evaluation: rooms.tracking.evaluation({ id: result.run })! };
};

describe('the evaluation of a training', () => {
  it('gives figures with intervals, by slice, at a threshold chosen on the validation part', async () => {
    await rooms.importVisits(visitLines(4000, byChance));
    const { metrics, evaluation } = await evaluated();
    for (const name of ['auc', 'prAuc', 'logloss', 'brier', 'ece', 'f1', 'accuracy', 'precision', 'recall']) {
      const { lower, upper } = evaluation.intervals![name]!;
      expect(lower).toBeLessThanOrEqual(metrics[name]!);
      expect(upper).toBeGreaterThanOrEqual(metrics[name]!);
      expect(upper - lower).toBeLessThan(0.2);
    }
    expect(metrics['baselineAuc']).toBeLessThan(evaluation.intervals!['auc']!.lower);
    expect(evaluation).toMatchObject({
      rows: 800,
      weighted: false,
      bootstrap: { resamples: 200, confidence: 0.95, rows: 800 },
      threshold: { goal: 'f1', unreached: false },
    });
    const towns = evaluation.slices!.filter(({ column }) => column === 'town');
    expect(towns.map(({ value }) => value).sort()).toEqual([...VISIT_TOWNS].sort());
    expect(towns.reduce((sum, { rows }) => sum + rows, 0)).toBe(800);
    for (const { metrics: figures, intervals } of towns) {
      expect(intervals['logloss']!.lower).toBeLessThan(figures['logloss']!);
      expect(intervals['logloss']!.upper).toBeGreaterThan(figures['logloss']!);
    }
    const all = evaluation.thresholds!.at(-1)!;
    expect(all.truePositives + all.falsePositives).toBe(800);
    expect(evaluation.precisionRecall!.length).toBeGreaterThan(50);
    expect(evaluation.shapley![0]!.points.length).toBe(200);
    expect(evaluation.shapley![0]!.feature).toBe(
      evaluation.importance.toSorted((a, b) => b.shapley! - a.shapley!)[0]!.feature,
    );
  });

  it('follows what the definition asks for', async () => {
    await rooms.importVisits(visitLines(2000, byChance));
    const { evaluation } = await evaluated({
      evaluate: {
        slices: ['price', 'member'],
        bootstrap: { resamples: 50, confidence: 0.8 },
        threshold: { goal: 'precision', least: 0.9 },
      },
    });
    expect(evaluation.bootstrap).toEqual({ resamples: 50, confidence: 0.8, rows: 400 });
    expect(evaluation.threshold).toMatchObject({ goal: 'precision', unreached: false });
    expect(evaluation.slices!.map(({ column }) => column)).toEqual([
      ...new Array(4).fill('price'),
      'member',
      'member',
    ]);
    const fixed = await evaluated({ evaluate: { threshold: 0.25 }, learner: { kind: 'linear' } });
    expect(fixed.evaluation.threshold).toEqual({ value: 0.25, goal: 'fixed', unreached: false });
    expect(fixed.metrics['recall']).toBeGreaterThan(0.8);
    expect(fixed.evaluation.importance[0]?.permutation).toBeGreaterThan(0);
    expect(fixed.evaluation.shapley?.length).toBe(3);
  });

  it('explains the scores of a network', async () => {
    await rooms.importVisits(visitLines(2000, byChance));
    const { evaluation } = await evaluated({ learner: { kind: 'mlp', hidden: [8], epochs: 3 } });
    expect(evaluation.shapley?.length).toBe(3);
    expect(evaluation.shapley![0]!.points.length).toBe(200);
    for (const { shapley } of evaluation.importance) expect(shapley).toBeGreaterThan(0);
  });

  it('counts rows by the weight column', async () => {
    await rooms.importVisits(visitLines(3000, byChance));
    const plain = await evaluated();
    const weighted = await evaluated({ weight: 'price' });
    expect(weighted.evaluation.weighted).toBe(true);
    // Dear visits buy less often: the share of yes that a constant must foretell falls.
    expect(weighted.metrics['baselineBrier']).not.toBeCloseTo(plain.metrics['baselineBrier']!, 3);
    const total = weighted.evaluation.thresholds!.at(-1)!;
    expect(total.truePositives + total.falsePositives).toBeGreaterThan(10_000);
  });

  it('shows each of many classes against the rest', async () => {
    await rooms.importVisits(visitLines(3000, (chance, random) => Math.floor(3 * chance + 0.4 * random)));
    const { metrics, evaluation } = await evaluated({ task: 'multiclass' });
    expect(metrics['brier']).toBeLessThan(metrics['baselineBrier']!);
    const { classes, counts } = evaluation.confusion!;
    expect(classes).toEqual(['0', '1', '2', '3']);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(600);
    for (const one of evaluation.classes!) {
      if (one.rows < 20) continue;
      expect(one.metrics['auc']).toBeGreaterThan(0.8);
      expect(one.rocCurve.length).toBeGreaterThan(5);
      expect(one.calibration.length).toBeGreaterThan(2);
    }
  });

  it.each([{ kind: 'gbdt', trees: 10 }, { kind: 'linear' }, { kind: 'mlp', hidden: [8], epochs: 3 }])(
    'explains the score of each class: %o',
    async (learner) => {
      await rooms.importVisits(visitLines(2000, (chance, random) => Math.floor(3 * chance + 0.4 * random)));
      const { evaluation } = await evaluated({ task: 'multiclass', learner });
      expect(evaluation.shapley).toBeUndefined();
      expect(evaluation.shapleyClasses!.map((one) => one.class)).toEqual(evaluation.confusion!.classes);
      for (const { features } of evaluation.shapleyClasses!) {
        expect(features.length).toBe(evaluation.importance.length);
        for (const { points } of features) expect(points.length).toBe(200);
      }
    },
  );

  const trees = { kind: 'gbdt', trees: 20, leaves: 8 };
  const network = { kind: 'mlp', hidden: [8], epochs: 3 };
  const scores = {
    binary: (chance: number) => Math.log(chance / (1 - chance)),
    regression: (value: number) => value,
    log: (mean: number) => Math.log(mean),
  };

  it.each([
    ['binary', trees, scores.binary],
    ['binary', { kind: 'linear' }, scores.binary],
    ['binary', network, scores.binary],
    ['regression', trees, scores.regression],
    ['regression', { ...trees, objective: 'poisson' }, scores.log],
    ['regression', { kind: 'linear' }, scores.regression],
    ['regression', network, scores.regression],
  ] as const)(
    'has contributions that add up with their base to the scores: %s %o',
    async (task, learner, scoreOf) => {
      const label = task === 'binary' ? byChance : (chance: number, random: number) => 10 * chance + random;
      await rooms.importVisits(visitLines(1500, label));
      const { result, predictions } = await rooms.train(visitTraining({ task, learner }));
      const { shapley, shapleyBase, shapleyScores } = rooms.tracking.evaluation({ id: result.run })!;
      expect(shapleyScores).toHaveLength(shapley![0]!.points.length);
      for (const [row, score] of shapleyScores!.entries()) {
        const sum = shapley!.reduce((total, { points }) => total + points[row]!.contribution, shapleyBase!);
        expect(sum).toBeCloseTo(score, 4);
        expect(score).toBeCloseTo(scoreOf(predictions[row]!), 4);
      }
    },
    30_000,
  );

  it.each([trees, { kind: 'linear' }, network])(
    'likewise for each of many classes: %o',
    async (learner) => {
      await rooms.importVisits(visitLines(1500, (chance, random) => Math.floor(2 * chance + 0.6 * random)));
      const { result, predictions } = await rooms.train(visitTraining({ task: 'multiclass', learner }));
      const { shapleyClasses } = rooms.tracking.evaluation({ id: result.run })!;
      const outputs = shapleyClasses!.length;
      for (let row = 0; row < shapleyClasses![0]!.scores!.length; row++) {
        const raw = shapleyClasses!.map(({ base, features, scores }) => {
          const sum = features.reduce((total, { points }) => total + points[row]!.contribution, base!);
          expect(sum).toBeCloseTo(scores![row]!, 4);
          return Math.exp(scores![row]!);
        });
        const all = raw.reduce((sum, one) => sum + one, 0);
        for (const [output, own] of raw.entries())
          expect(own / all).toBeCloseTo(predictions[row * outputs + output]!, 4);
      }
    },
    30_000,
  );

  it('shows how far off predicted numbers are', async () => {
    await rooms.importVisits(visitLines(2000, (chance, random) => 10 * chance + random));
    const { metrics, evaluation } = await evaluated({
      task: 'regression',
      learner: { kind: 'gbdt', trees: 30, leaves: 8, objective: 'quantile', alpha: 0.8 },
    });
    expect(metrics['quantileLoss']).toBeLessThan(metrics['baselineQuantileLoss']!);
    expect(evaluation.residuals!.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(400);
    expect(evaluation.intervals!['rmse']!.lower).toBeLessThan(metrics['rmse']!);
    expect(evaluation.threshold).toBeUndefined();
  });

  it('refuses a slice column that there is not, naming the nearest', async () => {
    await rooms.importVisits(visitLines(500, byChance));
    await expect(evaluated({ evaluate: { slices: ['twon'] } })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      hint: 'Did you mean "town"?',
    });
  });

  it.each([
    [{ task: 'regression', evaluate: { threshold: 0.5 } }, /label of two classes/],
    [{ split: { validation: 0 }, evaluate: { threshold: { goal: 'f1' } } }, /validation part/],
    [{ evaluate: { bootstrap: { confidence: 2 } } }, /confidence/],
  ])('refuses %o before anything is trained', (changes, message) => {
    expect(() => visitTraining(changes)).toThrow(message);
  });

  it('keeps the middle where no threshold can be chosen', async () => {
    await rooms.importVisits(visitLines(1000, byChance));
    const none = await evaluated({ split: { validation: 0 } });
    expect(none.evaluation.threshold).toEqual({ value: 0.5, goal: 'fixed', unreached: false });
  });
});

import { z } from 'zod';
import { metricsSchema } from './common.ts';

const rocPoint = z.object({ falsePositiveRate: z.number(), truePositiveRate: z.number() });
const precisionRecallPoint = z.object({ recall: z.number(), precision: z.number() });
const calibrationPoint = z.object({ predicted: z.number(), observed: z.number(), count: z.number().int() });
const interval = z.object({ lower: z.number(), upper: z.number() });
const intervals = z.record(z.string(), interval);

/** What is answered if yes is the answer from a chance up: weights of rows, which are numbers of rows where all count the same. */
const thresholdPoint = z.object({
  threshold: z.number(),
  truePositives: z.number(),
  falsePositives: z.number(),
  trueNegatives: z.number(),
  falseNegatives: z.number(),
});

/** The hold-out rows that have one value in one column; null stands for a missing value. */
const slice = z.object({
  column: z.string(),
  value: z.string().nullable(),
  rows: z.number().int(),
  metrics: metricsSchema,
  intervals,
});

/** One class against all others. */
const classFigures = z.object({
  class: z.string(),
  rows: z.number().int(),
  metrics: metricsSchema,
  rocCurve: z.array(rocPoint),
  precisionRecall: z.array(precisionRecallPoint),
  calibration: z.array(calibrationPoint),
});

const importance = z.object({
  feature: z.string(),
  /** In the learner's own measure: for trees the loss reductions of all splits on the feature. */
  gain: z.number(),
  splits: z.number().int().optional(),
  /** Growth of the loss when the feature is shuffled among the rows of the hold-out. */
  permutation: z.number().optional(),
  /** Mean absolute Shapley value of the feature's contributions to the score. */
  shapley: z.number().optional(),
});

/** Contributions of one feature to the scores of some rows; `level` is where the row's value stands among theirs, 0 to 1. */
const shapleyFeature = z.object({
  feature: z.string(),
  points: z.array(z.object({ contribution: z.number(), level: z.number().nullable() })),
});

/** Figures for the plots of a run, computed on the hold-out. What an older run has not measured is absent. */
export const evaluation = z.object({
  rocCurve: z.array(rocPoint),
  calibration: z.array(calibrationPoint),
  importance: z.array(importance),
  baseline: metricsSchema,
  rows: z.number().int().optional(),
  /** Whether rows count by a column. */
  weighted: z.boolean().optional(),
  intervals: intervals.optional(),
  /** How the intervals came about: `rows` were resampled, fewer than there are where they are many. */
  bootstrap: z
    .object({ resamples: z.number().int(), confidence: z.number(), rows: z.number().int() })
    .optional(),
  precisionRecall: z.array(precisionRecallPoint).optional(),
  thresholds: z.array(thresholdPoint).optional(),
  /** From which chance up yes is the answer, and why: by a wish on the validation part, or as it was said. */
  threshold: z
    .object({
      value: z.number(),
      goal: z.enum(['f1', 'precision', 'recall', 'cost', 'fixed']),
      /** What was wished could not be reached by any threshold. */
      unreached: z.boolean(),
    })
    .optional(),
  /** Whether, and by what, the chances were corrected on the validation part; the curve before it. */
  calibrated: z
    .object({
      method: z.enum(['platt', 'isotonic']),
      before: z.array(calibrationPoint),
      metricsBefore: metricsSchema,
    })
    .optional(),
  /** [truth][answer]; a class of null stands for all rarer ones. */
  confusion: z
    .object({ classes: z.array(z.string().nullable()), counts: z.array(z.array(z.number())) })
    .optional(),
  classes: z.array(classFigures).optional(),
  residuals: z
    .object({
      histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
      points: z.array(z.object({ predicted: z.number(), label: z.number() })),
    })
    .optional(),
  slices: z.array(slice).optional(),
  shapley: z.array(shapleyFeature).optional(),
  /** What the contributions add to: the raw score (log-odds for a chance) that is expected while no feature is known. */
  shapleyBase: z.number().optional(),
  /** The raw scores of the rows of `shapley`: base and contributions of all features, of which `shapley` has the largest. */
  shapleyScores: z.array(z.number()).optional(),
  /** For models of many classes in place of `shapley`: the classes whose scores move most, in their own order. */
  shapleyClasses: z
    .array(
      z.object({
        class: z.string(),
        features: z.array(shapleyFeature),
        /** As `shapleyBase` and `shapleyScores`, of the class. */
        base: z.number().optional(),
        scores: z.array(z.number()).optional(),
      }),
    )
    .optional(),
});

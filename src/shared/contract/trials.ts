import { z } from 'zod';

/** A trial of a search. */
export const runTrial = z.object({
  run: z.string(),
  number: z.number().int(),
  state: z.enum(['running', 'finished', 'pruned', 'failed']),
  settings: z.record(z.string(), z.string()),
  /** What it is judged by, on the validation part or as the mean over the folds; null while it has none. */
  value: z.number().nullable(),
  /** Standard deviation of the value over the folds; null where trials are not judged by folds. */
  deviation: z.number().nullable(),
  /** The value on each fold, in order, of those that have ended; empty where trials are not judged by folds. */
  folds: z.array(z.number()),
  /** Whether no other trial beats it in all objectives; of a search of one objective the best is alone. */
  isOnFront: z.boolean(),
  /** Whether the model was learned with its settings. */
  isKept: z.boolean(),
  /** By {@link runTrials} `figures`; those that it has. */
  figures: z.record(z.string(), z.number()),
});

export const runTrials = z.object({
  /** What trials are judged by, on the validation part or as the mean over the folds. */
  metric: z.string(),
  isGreaterBetter: z.boolean(),
  /** All that trials are judged by; the metric is the first. */
  objectives: z.array(z.object({ name: z.string(), isGreaterBetter: z.boolean() })),
  /** How many folds trials are judged by; null where they are judged by the validation part. */
  folds: z.number().int().nullable(),
  /** Names of what was searched. */
  settings: z.array(z.string()),
  /** What trials were measured by: metrics of the validation part or means over the folds, and what models cost, such as `fitSeconds`. */
  figures: z.array(z.object({ name: z.string(), isGreaterBetter: z.boolean() })),
  /** The best first, with several objectives all of the front before the others; those without a value last. */
  trials: z.array(runTrial),
  /**
   * How much of the metric's variation over the space each setting explains by itself, of 1, the most first; the rest is
   * interplay. Null while there are too few trials to say.
   */
  importance: z.array(z.object({ setting: z.string(), share: z.number() })).nullable(),
});

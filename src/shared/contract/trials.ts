import { z } from 'zod';

const trialState = z.enum(['running', 'finished', 'pruned', 'stopped', 'failed']);

/** A trial of a search. */
export const runTrial = z.object({
  run: z.string(),
  number: z.number().int(),
  /** Stopped: cut off by the end of its search, and tried again by an attempt that comes later. */
  state: trialState,
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

/**
 * How much of an objective's variation over the space each setting explains by itself, of 1, the most first; the rest is
 * interplay.
 */
export const settingImportance = z.object({
  metric: z.string(),
  settings: z.array(z.object({ setting: z.string(), share: z.number() })),
});

export const runTrials = z.object({
  /** Of the search, whichever of its runs was asked for. */
  run: z.string(),
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
  /** How many there are to be; null where learners are compared, which are few. */
  planned: z.number().int().nullable(),
  counts: z.object({
    running: z.number().int(),
    finished: z.number().int(),
    pruned: z.number().int(),
    stopped: z.number().int(),
    failed: z.number().int(),
  }),
  /** By objective, in their order, those that enough trials have measured. */
  importance: z.array(settingImportance),
});

import { z } from 'zod';

/** A trial of a search. */
export const runTrial = z.object({
  run: z.string(),
  number: z.number().int(),
  state: z.enum(['running', 'finished', 'pruned', 'failed']),
  settings: z.record(z.string(), z.string()),
  /** What it is judged by, on the validation part; null while it has none. */
  value: z.number().nullable(),
  /** By {@link runTrials} `figures`; those that it has. */
  figures: z.record(z.string(), z.number()),
});

export const runTrials = z.object({
  /** What trials are judged by, on the validation part. */
  metric: z.string(),
  isGreaterBetter: z.boolean(),
  /** Names of what was searched. */
  settings: z.array(z.string()),
  /** What trials were measured by: metrics of the validation part, and `fitSeconds`. */
  figures: z.array(z.object({ name: z.string(), isGreaterBetter: z.boolean() })),
  /** The best first; those without a value last. */
  trials: z.array(runTrial),
  /**
   * How much of the metric's variation over the space each setting explains by itself, of 1, the most first; the rest is
   * interplay. Null while there are too few trials to say.
   */
  importance: z.array(z.object({ setting: z.string(), share: z.number() })).nullable(),
});

import { z } from 'zod';
import { cellSchema } from './common.ts';

/** What the features add to one row's score: base, contributions and others add up to it. */
export const explainedRow = z.object({
  /** Its place in the file, from 0. */
  row: z.number().int(),
  /** The likeliest, whose score it is; null for a model with one score. */
  class: z.string().nullable(),
  score: z.number(),
  /** Mean score of the rows it is compared with. */
  base: z.number(),
  /** Those that move it most, the most first. */
  contributions: z.array(z.object({ feature: z.string(), value: cellSchema, contribution: z.number() })),
  /** Sum of all further contributions. */
  others: z.number(),
});

/** The result of a job that explains rows. */
export const modelExplanation = z.object({
  model: z.string(),
  unit: z.enum(['prediction', 'log-odds']),
  /** Rows that each is compared with. */
  background: z.number().int(),
  rows: z.array(explainedRow),
});

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { byId, columnTypeSchema, instantSchema, jobStarted } from './common.ts';

export const driftTest = z.enum(['psi', 'ks', 'wasserstein', 'js', 'chi2']);

export const driftDistribution = z.object({
  /** Bin edges for numbers (length bins + 1), labels for categories. */
  edges: z.array(z.number()).nullable(),
  categories: z.array(z.string()).nullable(),
  /** Shares that add up to 1. */
  reference: z.array(z.number()),
  current: z.array(z.number()),
});

export const driftColumn = z.object({
  name: z.string(),
  type: columnTypeSchema,
  test: driftTest,
  score: z.number(),
  /** The score's 99 % point under "no change" for exactly these sizes and bins. */
  threshold: z.number(),
  pValue: z.number(),
  /** Benjamini-Hochberg across the columns. */
  qValue: z.number(),
  drift: z.boolean(),
  missing: z.object({ reference: z.number(), current: z.number() }),
  distribution: driftDistribution,
});

export const driftReport = z.object({
  drift: z.boolean(),
  rows: z.object({ reference: z.number().int(), current: z.number().int() }),
  columns: z.array(driftColumn),
});

export const driftCheck = driftReport.extend({
  id: z.string(),
  reference: z.string(),
  current: z.string(),
  checkedAt: instantSchema,
});

export const driftCheckSummary = driftCheck
  .omit({ columns: true })
  .extend({ columns: z.number().int(), drifted: z.number().int() });

/** `NAME`, or `NAME[FROM..TO]` to take only rows whose event time lies in [FROM, TO). */
const selection = z.string().min(1).max(400);

export const monitoringContract = {
  list: oc.route({ method: 'GET', path: '/drift' }).output(z.array(driftCheckSummary)),
  get: oc.route({ method: 'GET', path: '/drift/{id}' }).input(byId).output(driftCheck),
  /** Job result: a `driftCheck`. */
  check: oc
    .route({ method: 'POST', path: '/drift' })
    .input(
      z.object({
        reference: selection,
        current: selection,
        columns: z.array(z.string()).optional(),
        tests: z.enum(['auto']).or(driftTest).default('auto'),
      }),
    )
    .output(jobStarted),
};

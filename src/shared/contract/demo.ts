import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jobStarted, metricsSchema } from './common.ts';

export const demoRows = z.enum(['20k', '200k', '3m']);

const classifierMetrics = z
  .object({
    auc: z.number(),
    logloss: z.number(),
    brier: z.number(),
    baselineAuc: z.number(),
    baselineLogloss: z.number(),
  })
  .catchall(z.number());

/** report.json, and what `falaj demo --json` prints. */
export const demoReport = z.object({
  ok: z.boolean(),
  rows: z.object({ imported: z.number().int(), train: z.number().int(), test: z.number().int() }),
  metrics: classifierMetrics,
  model: z.object({
    name: z.string(),
    version: z.number().int(),
    digest: z.string(),
    signed: z.literal(true),
  }),
  challenger: z.object({ name: z.string(), metrics: metricsSchema }),
  drift: z.object({ drift: z.boolean(), columns: z.number().int(), drifted: z.number().int() }),
  quietCheck: z.object({ drift: z.boolean(), columns: z.number().int(), drifted: z.number().int() }),
  timingsMs: z
    .object({ import: z.number(), join: z.number(), train: z.number(), score: z.number(), total: z.number() })
    .catchall(z.number()),
  sizesBytes: z.record(z.string(), z.number()),
  hashes: z.record(z.string(), z.string()),
  peakMemoryBytes: z.number(),
  versions: z.record(z.string(), z.string()),
  workspace: z.string(),
  report: z.string(),
});

export const demoContract = {
  /** The whole main job in the open workspace. Job result: `demoReport`. */
  start: oc
    .route({ method: 'POST', path: '/demo' })
    .input(z.object({ rows: demoRows.default('200k') }))
    .output(jobStarted),
};

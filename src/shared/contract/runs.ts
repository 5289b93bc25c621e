import { oc } from '@orpc/contract';
import { z } from 'zod';
import { byId, instantSchema, jobStarted, metricsSchema } from './common.ts';
import { evaluation } from './evaluation.ts';

export { evaluation } from './evaluation.ts';

export const runStatus = z.enum(['scheduled', 'running', 'finished', 'failed', 'killed']);
export const artifact = z.object({ path: z.string(), sizeBytes: z.number().int(), digest: z.string() });

export const run = z.object({
  id: z.string(),
  experiment: z.string(),
  name: z.string(),
  status: runStatus,
  startedAt: instantSchema,
  endedAt: instantSchema.nullable(),
  params: z.record(z.string(), z.string()),
  metrics: metricsSchema,
  tags: z.record(z.string(), z.string()),
  artifacts: z.array(artifact),
  /** Dataset versions read, as `name@version` with the digest. */
  data: z.array(z.object({ name: z.string(), version: z.number().int(), digest: z.string() })),
  model: z.object({ name: z.string(), version: z.number().int() }).nullable(),
});

export const experiment = z.object({
  id: z.string(),
  name: z.string(),
  runs: z.number().int(),
  createdAt: instantSchema,
  lastRunAt: instantSchema.nullable(),
});

export const metricPoint = z.object({ step: z.number().int(), value: z.number(), at: instantSchema });

export const runsContract = {
  experiments: oc.route({ method: 'GET', path: '/experiments' }).output(z.array(experiment)),
  list: oc
    .route({ method: 'GET', path: '/runs' })
    .input(
      z.object({
        experiment: z.string().optional(),
        /** The run whose children are wanted, such as the trials of a search. */
        parent: z.string().optional(),
        limit: z.coerce.number().int().min(1).max(10_000).default(200),
      }),
    )
    .output(z.array(run)),
  get: oc.route({ method: 'GET', path: '/runs/{id}' }).input(byId).output(run),
  /** One metric's history between two steps, reduced to at most `points` by min/max buckets. */
  history: oc
    .route({ method: 'GET', path: '/runs/{id}/metrics/{metric}' })
    .input(
      byId.extend({
        metric: z.string(),
        points: z.coerce.number().int().min(2).max(20_000).default(1000),
        fromStep: z.coerce.number().int().optional(),
        toStep: z.coerce.number().int().optional(),
      }),
    )
    .output(z.array(metricPoint)),
  /** Names of the metrics with more than one point. */
  curves: oc.route({ method: 'GET', path: '/runs/{id}/curves' }).input(byId).output(z.array(z.string())),
  evaluation: oc
    .route({ method: 'GET', path: '/runs/{id}/evaluation' })
    .input(byId)
    .output(evaluation.nullable()),
  /** Writes a run to a new folder, unencrypted. Job result: `{dir, files}`. */
  export: oc
    .route({ method: 'POST', path: '/runs/{id}/export' })
    .input(byId.extend({ dir: z.string().min(1) }))
    .output(jobStarted),
  /** Takes over an mlruns folder. Job result: `{experiments, runs, skipped}`. */
  import: oc
    .route({ method: 'POST', path: '/runs/import' })
    .input(z.object({ dir: z.string().min(1) }))
    .output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/runs/{id}' })
    .input(byId)
    .output(z.object({ removed: z.literal(true) })),
};

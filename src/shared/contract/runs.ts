import { oc } from '@orpc/contract';
import { z } from 'zod';
import { MOST_COMPARED } from '../run-limits.ts';
import { byId, instantSchema, jobStarted, metricsSchema } from './common.ts';
import { evaluation } from './evaluation.ts';
import { runTrials } from './trials.ts';

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

/** Which runs a list shows; without anything, all that are in use. */
export const runSelection = z.object({
  /** An experiment's id or name. */
  experiment: z.string().optional(),
  /** The run whose children are wanted, such as the trials of a search. */
  parent: z.string().optional(),
  /** In MLflow's filter language: `metrics.auc > 0.9 AND params.learner = 'gbdt'`. */
  filter: z.string().max(10_000).optional(),
  /** Found in the name, the id, the experiment's name or a tag, whatever the case of ASCII letters. */
  text: z.string().max(1000).optional(),
  /** False leaves out the trials of searches. */
  trials: z.boolean().default(true),
});

/** Values that a curve cannot show. JSON has no number for them. */
export const notFinite = z.object({
  step: z.number().int(),
  value: z.enum(['NaN', 'Infinity', '-Infinity']),
});

/** A metric's points by ascending step: `values[i]` was measured at `steps[i]`. */
export const metricSeries = z.object({
  steps: z.array(z.number().int()),
  values: z.array(z.number()),
  notFinite: z.array(notFinite),
});

/** What can be shown of an artifact without taking it out. */
export const artifactPreview = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), truncated: z.boolean() }),
  z.object({ kind: z.literal('image'), mediaType: z.string(), base64: z.string() }),
  z.object({ kind: z.literal('none'), reason: z.enum(['binary', 'large']) }),
]);

const experimentName = z.string().min(1).max(256).default('Default');

/** What other tools keep of runs. */
export const importRunsInput = z.discriminatedUnion('from', [
  /** The folder of MLflow's file store. */
  z.object({ from: z.literal('mlruns'), dir: z.string().min(1) }),
  /** A running server of MLflow, with the Authorization header that it wants. */
  z.object({
    from: z.literal('mlflow-server'),
    url: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
    authorization: z.string().max(8192).nullable().default(null),
  }),
  /** A folder of TensorBoard's event files. */
  z.object({ from: z.literal('tensorboard'), dir: z.string().min(1), experiment: experimentName }),
  /** A table with a column for each metric. */
  z.object({
    from: z.literal('csv'),
    file: z.string().min(1),
    experiment: experimentName,
    name: z.string().min(1).max(256).optional(),
    step: z.string().optional(),
  }),
]);

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
  /** A window of the runs that are selected, and how many there are. Of equals the newest is first, as without `orderBy`. */
  search: oc
    .route({ method: 'POST', path: '/runs/search' })
    .input(
      runSelection.extend({
        /** `metrics.auc DESC`, `params.leaves`, `attributes.duration`: in MLflow's language, the first counts most. */
        orderBy: z.array(z.string().max(1000)).max(5).default([]),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
    )
    .output(z.object({ runs: z.array(run), total: z.number().int() })),
  /** What runs were ever told under: the names of metrics, parameters and tags, in their order. */
  names: oc
    .route({ method: 'GET', path: '/runs/names' })
    .output(
      z.object({ metrics: z.array(z.string()), params: z.array(z.string()), tags: z.array(z.string()) }),
    ),
  /** Runs by their ids, in that order; without those that are gone. */
  several: oc
    .route({ method: 'POST', path: '/runs/several' })
    .input(z.object({ ids: z.array(z.string().max(64)).max(MOST_COMPARED) }))
    .output(z.array(run)),
  get: oc.route({ method: 'GET', path: '/runs/{id}' }).input(byId).output(run),
  /** The trials of a search, and what they tell about its settings; of a trial, or of the model's run, those of its search. */
  trials: oc.route({ method: 'GET', path: '/runs/{id}/trials' }).input(byId).output(runTrials),
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
  /**
   * Many histories in one answer, in the order asked; empty for what is not there. Each is reduced to at most `points` by
   * min/max buckets between the steps that are asked for, so that a part of a curve comes finer than the whole.
   */
  series: oc
    .route({ method: 'POST', path: '/runs/series' })
    .input(
      z.object({
        series: z
          .array(z.object({ run: z.string().max(64), metric: z.string().max(1000) }))
          .max(2 * MOST_COMPARED),
        points: z.number().int().min(2).max(5000).default(1000),
        fromStep: z.number().int().optional(),
        toStep: z.number().int().optional(),
      }),
    )
    .output(z.array(metricSeries)),
  /** Names of the metrics with more than one point. */
  curves: oc.route({ method: 'GET', path: '/runs/{id}/curves' }).input(byId).output(z.array(z.string())),
  /** Names of the metrics of which any of the runs has more than one point. */
  curvesOf: oc
    .route({ method: 'POST', path: '/runs/curves' })
    .input(z.object({ ids: z.array(z.string().max(64)).max(MOST_COMPARED) }))
    .output(z.array(z.string())),
  preview: oc
    .route({ method: 'GET', path: '/runs/{id}/preview' })
    .input(byId.extend({ path: z.string().min(1).max(4096) }))
    .output(artifactPreview),
  evaluation: oc
    .route({ method: 'GET', path: '/runs/{id}/evaluation' })
    .input(byId)
    .output(evaluation.nullable()),
  /** Writes a run to a new folder, unencrypted. Job result: `{dir, files}`. */
  export: oc
    .route({ method: 'POST', path: '/runs/{id}/export' })
    .input(byId.extend({ dir: z.string().min(1) }))
    .output(jobStarted),
  /** Takes over what another tool keeps. Job result: `{experiments, runs, skipped, pointsLeftOut}`. */
  import: oc.route({ method: 'POST', path: '/runs/import' }).input(importRunsInput).output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/runs/{id}' })
    .input(byId)
    .output(z.object({ removed: z.literal(true) })),
};

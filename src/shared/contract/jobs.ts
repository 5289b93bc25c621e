import { oc } from '@orpc/contract';
import { z } from 'zod';
import { byId, instantSchema } from './common.ts';

export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted']);

export const jobProgress = z.object({
  /** 0 to 1; null while unknown. */
  fraction: z.number().nullable(),
  /** Stable key of the step now running, such as `import`. */
  step: z.string(),
  detail: z.string(),
  ratePerSecond: z.number().nullable(),
  unit: z.string().nullable(),
  remainingMs: z.number().nullable(),
});

/** Why a job failed, as the error of a plain call would say it. */
export const jobError = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  details: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
    )
    .optional(),
});

export const job = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  state: jobState,
  progress: jobProgress.nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  attempt: z.number().int(),
  error: jobError.nullable(),
  /** What the job made, as the procedure that started it documents. */
  result: z.unknown(),
  /** URL of the object that the job works on, such as `/data/flights`. */
  subject: z.string().nullable(),
});

export const jobLogLine = z.object({
  sequence: z.number().int(),
  at: instantSchema,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
});

export const jobsContract = {
  list: oc
    .route({ method: 'GET', path: '/jobs' })
    .input(
      z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200), state: jobState.optional() }),
    )
    .output(z.array(job)),
  get: oc.route({ method: 'GET', path: '/jobs/{id}' }).input(byId).output(job),
  logs: oc
    .route({ method: 'GET', path: '/jobs/{id}/logs' })
    .input(
      byId.extend({
        after: z.coerce.number().int().default(0),
        limit: z.coerce.number().int().max(5000).default(1000),
      }),
    )
    .output(z.array(jobLogLine)),
  cancel: oc.route({ method: 'POST', path: '/jobs/{id}/cancel' }).input(byId).output(job),
  retry: oc.route({ method: 'POST', path: '/jobs/{id}/retry' }).input(byId).output(job),
};

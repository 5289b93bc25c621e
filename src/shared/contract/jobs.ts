import { oc } from '@orpc/contract';
import { z } from 'zod';
import { byId, instantSchema } from './common.ts';

export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted']);

export const jobPriority = z.enum(['high', 'normal', 'low']);

const MOST_TIME_MS = 20 * 86_400_000;

/** When work begins, and what is done when it takes too long or fails. */
export const jobSchedule = z.object({
  /** Work of a higher one begins first; work of the same in the order in which it came. */
  priority: jobPriority.default('normal'),
  /** Jobs that must have succeeded before this one begins. */
  after: z.array(z.string().min(1).max(64)).max(100).default([]),
  /** Of one attempt, not counting pauses. The job fails when it takes longer. */
  timeLimitMs: z.number().int().min(1).max(MOST_TIME_MS).nullable().default(null),
  /** How often it is begun again by itself when it fails. */
  retries: z.number().int().min(0).max(100).default(0),
  /** Before the first of these; twice as long before each next one, an hour at most. */
  retryDelayMs: z.number().int().min(0).max(3_600_000).default(30_000),
});

/** What a job takes of the machine for itself. */
export const jobNeeds = z.object({
  cpus: z.number().int(),
  memoryBytes: z.number().nullable(),
  gpus: z.number().int(),
  /** Of each GPU or slice of one; null takes it whole. */
  gpuMemoryBytes: z.number().nullable(),
});

/** Why a queued job has not begun. */
export const jobWait = z.enum(['turn', 'resources', 'jobs', 'delay', 'paused']);

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
  schedule: jobSchedule,
  /** Null for the engine's own work, which takes turns. */
  needs: jobNeeds.nullable(),
  /** Queued and held back, or running and halted. */
  paused: z.boolean(),
  /** Null unless it is queued. */
  waitsFor: jobWait.nullable(),
  /** When it is tried again. */
  beginsAt: instantSchema.nullable(),
  /** The GPUs, or slices of them, that it was given. */
  gpus: z.array(z.string()),
  error: jobError.nullable(),
  /** What the job made, as the procedure that started it documents. */
  result: z.unknown(),
  /** URL of the object that the job works on, such as `/data/flights`. */
  subject: z.string().nullable(),
});

const lane = z.object({ running: z.number().int(), waiting: z.number().int(), places: z.number().int() });

export const jobSlots = z.object({
  /** The engine's own work, such as imports: so many at once. */
  engine: lane,
  training: lane,
  /** Programs of people, which share the machine by what they need. */
  script: z.object({
    running: z.number().int(),
    waiting: z.number().int(),
    cpus: z.object({ total: z.number().int(), taken: z.number().int() }),
    memoryBytes: z.object({ total: z.number(), taken: z.number() }),
    /** GPUs or slices that are taken now. */
    gpus: z.array(z.string()),
  }),
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
      z.object({
        limit: z.coerce.number().int().min(1).max(1000).default(200),
        state: jobState.optional(),
        kind: z.string().max(64).optional(),
        /** Id of the last job of the page before: what is older than it. */
        before: z.string().max(64).optional(),
      }),
    )
    .output(z.array(job)),
  /** What the queue has to give, and how much of it is taken. */
  slots: oc.route({ method: 'GET', path: '/jobs/slots' }).output(jobSlots),
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
  /** Holds back what waits, and halts what runs and can be halted; it keeps its place. */
  pause: oc.route({ method: 'POST', path: '/jobs/{id}/pause' }).input(byId).output(job),
  resume: oc.route({ method: 'POST', path: '/jobs/{id}/resume' }).input(byId).output(job),
  /** Of a job that has not begun. */
  prioritize: oc
    .route({ method: 'POST', path: '/jobs/{id}/priority' })
    .input(byId.extend({ priority: jobPriority }))
    .output(job),
};

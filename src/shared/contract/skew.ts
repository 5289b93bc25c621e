import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { cellSchema, columnTypeSchema, instantSchema } from './common.ts';

export const onlineStatus = z.enum(['PRESENT', 'NULL', 'EXPIRED', 'NOT_FOUND']);

/** How values that were served compare with those that a training set holds for the same keys and moments. */
export const skewCounts = z.object({
  equal: z.number().int(),
  /** Both have a value, and not the same. */
  mismatch: z.number().int(),
  /** Null online, a value offline. */
  missing: z.number().int(),
  /** A value online, null offline. */
  extra: z.number().int(),
  /** Of numbers that both sides have: the mean of |a − b| / ((|a| + |b|) / 2), from 0 to 2. */
  smape: z.number().nullable(),
  /** Of texts that both sides have: the mean number of characters to change. */
  editDistance: z.number().nullable(),
});

/**
 * `known-later`: what was served became known to the history only after the read. `changed-since`: it was right when it
 * was read, and later knowledge has changed the answer.
 */
export const skewCause = z.enum(['unexplained', 'known-later', 'changed-since']);

export const skewExample = z.object({
  keys: z.record(z.string(), cellSchema),
  at: instantSchema,
  difference: z.enum(['mismatch', 'missing', 'extra']),
  cause: skewCause,
  online: cellSchema,
  /** Null where the log does not say. */
  status: onlineStatus.nullable(),
  asKnown: cellSchema,
  today: cellSchema,
});

export const skewFeature = z.object({
  /** `view__feature`. */
  name: z.string(),
  type: columnTypeSchema,
  /** Against what was known at each read: skew, if they differ. */
  asKnown: skewCounts,
  /** Against all that is known today, which differs where data came late. */
  today: skewCounts,
  /** Of the differences from what was known, those that are none today. */
  knownLater: z.number().int(),
  /** Of the differences from today, those that were none at the read. */
  changedSince: z.number().int(),
  examples: z.array(skewExample),
});

export const skewReport = z.object({
  service: z.string(),
  checkedAt: instantSchema,
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('log') }),
    z.object({ kind: z.literal('file'), file: z.string(), eventTime: z.string() }),
  ]),
  since: instantSchema.nullable(),
  until: instantSchema.nullable(),
  tolerance: z.number(),
  /** Reads that were there to compare, and those that were: the newest, where there are too many. */
  logged: z.number().int(),
  rows: z.number().int(),
  firstRead: instantSchema,
  lastRead: instantSchema,
  /** Whether any value differs from what was known at its read. */
  skew: z.boolean(),
  features: z.array(skewFeature),
  /** Features of the service that the file has no column for. */
  absent: z.array(z.string()),
});

/** A comparison of the past in figures: neither keys nor values of anyone. */
export const skewFigures = z.object({
  checkedAt: instantSchema,
  source: z.enum(['log', 'file']),
  firstRead: instantSchema,
  lastRead: instantSchema,
  /** Reads that were compared. */
  rows: z.number().int(),
  /** Values that were compared, and those of them that differ from what was known at their read. */
  values: z.number().int(),
  skewed: z.number().int(),
  features: z.number().int(),
  /** Features with skew, the worst first. */
  skewedFeatures: z.array(z.string()),
});

export const skewInput = z.object({
  service: nameSchema,
  /** Read instants, both inclusive. */
  since: z.string().optional(),
  until: z.string().optional(),
  /** Absolute path on the engine's machine of values that were served elsewhere; else the reads that were kept here. */
  log: z.string().min(1).optional(),
  /** Column of that file with the instant of each read. */
  eventTime: z.string().min(1).default('event_time'),
  /** Numbers are the same within this part of the larger one; below one, within it. */
  tolerance: z.number().min(0).max(1).default(1e-9),
});

/** The reads of a service that are kept. */
export const readLogState = z.object({
  rows: z.number().int(),
  firstRead: instantSchema.nullable(),
  lastRead: instantSchema.nullable(),
  /** Reads that were chosen and lost: too many at once, or the disk refused. */
  dropped: z.number().int(),
  /** Why writing failed last, null when it did not. */
  failure: z.string().nullable(),
});

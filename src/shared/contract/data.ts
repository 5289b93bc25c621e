import { oc } from '@orpc/contract';
import { z } from 'zod';
import { nameSchema } from '../names.ts';
import {
  byName,
  cellSchema,
  columnSchemaSchema,
  columnTypeSchema,
  digestSchema,
  instantSchema,
  jobStarted,
  rowsSchema,
} from './common.ts';

export const histogramBin = z.object({ from: z.number(), to: z.number(), count: z.number().int() });

export const columnProfile = z.object({
  name: z.string(),
  type: columnTypeSchema,
  rows: z.number().int(),
  nulls: z.number().int(),
  distinct: z.number().int().nullable(),
  min: cellSchema,
  max: cellSchema,
  mean: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  /** Values at 1, 5, 25, 50, 75, 95 and 99 %. */
  quantiles: z.array(z.object({ at: z.number(), value: z.number() })),
  /** Numbers and times; times in microseconds since the epoch. */
  histogram: z.array(histogramBin),
  topValues: z.array(z.object({ value: cellSchema, count: z.number().int() })),
});

export const dataset = z.object({
  name: z.string(),
  version: z.number().int(),
  rows: z.number().int(),
  columns: z.array(columnSchemaSchema),
  eventTime: z.string().nullable(),
  knownTime: z.string().nullable(),
  labels: z.array(z.string()),
  purposes: z.array(z.string()),
  source: z.string(),
  /** SHA-256 of the canonical content: the same rows give the same digest. */
  digest: digestSchema,
  /** Encrypted size on disk. */
  sizeBytes: z.number().int(),
  importedAt: instantSchema,
});

export const importInput = z.object({
  name: nameSchema,
  /** Absolute paths on the engine's machine. Several files of one shape are appended in order. */
  files: z.array(z.string().min(1)).min(1).max(1000),
  format: z.enum(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']).optional(),
  eventTime: z.string().optional(),
  knownTime: z.string().optional(),
  labels: z.array(z.string()).default([]),
  purposes: z.array(z.string()).default([]),
  /** Keep each n-th row only (1 = all). */
  every: z.number().int().min(1).default(1),
  /** Columns to add, by DuckDB expressions over the file's own columns. */
  derive: z.array(z.object({ name: z.string(), expression: z.string() })).default([]),
});

export const dataContract = {
  list: oc.route({ method: 'GET', path: '/data' }).output(z.array(dataset)),
  get: oc.route({ method: 'GET', path: '/data/{name}' }).input(byName).output(dataset),
  versions: oc.route({ method: 'GET', path: '/data/{name}/versions' }).input(byName).output(z.array(dataset)),
  preview: oc
    .route({ method: 'GET', path: '/data/{name}/rows' })
    .input(
      byName.extend({
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(rowsSchema),
  profile: oc
    .route({ method: 'GET', path: '/data/{name}/profile' })
    .input(byName)
    .output(z.array(columnProfile)),
  /** Job result: the dataset. */
  import: oc.route({ method: 'POST', path: '/data' }).input(importInput).output(jobStarted),
  /** Writes plaintext to a path the person chose; audited. Job result: `{file, rows}`. */
  export: oc
    .route({ method: 'POST', path: '/data/{name}/export' })
    .input(
      byName.extend({
        file: z.string().min(1),
        format: z.enum(['csv', 'tsv', 'parquet', 'ndjson']).optional(),
      }),
    )
    .output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/data/{name}' })
    .input(byName)
    .output(z.object({ removed: z.literal(true) })),
};

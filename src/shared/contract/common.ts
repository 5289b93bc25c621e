import { z } from 'zod';
import { nameSchema } from '../names.ts';

/** ISO-8601 in UTC, always with `Z`. */
export const instantSchema = z.iso.datetime({ offset: false });
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
export const byName = z.object({ name: nameSchema });
export const byId = z.object({ id: z.string().min(1).max(64) });
export const columnTypeSchema = z.enum(['float64', 'int64', 'bool', 'string', 'timestamp', 'date']);
export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Metric names to finite numbers. */
export const metricsSchema = z.record(z.string(), z.number());
export const jobStarted = z.object({ job: z.string() });

export const columnSchemaSchema = z.object({ name: z.string(), type: columnTypeSchema });

/** Rows as arrays in the order of `columns`, so that names cross once. */
export const rowsSchema = z.object({
  columns: z.array(columnSchemaSchema),
  rows: z.array(z.array(cellSchema)),
  totalRows: z.number().int(),
});

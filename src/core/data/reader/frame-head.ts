import { z } from 'zod';
import { columnSchemaSchema } from '../../../shared/contract/common.ts';
import { WIRE_TYPES } from '../duckdb/wire.ts';

const columnPart = z.object({
  /** May be narrower than the schema's from group to group. */
  wire: z.enum(WIRE_TYPES),
  valueBytes: z.number().int().nonnegative(),
  validityBytes: z.number().int().nonnegative(),
  dictionaryBytes: z.number().int().nonnegative(),
});

/** What the reading child answers. It has had foreign bytes in its memory, so the engine checks every frame. */
export const frameHead = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('schema'),
    columns: z.array(columnSchemaSchema).min(1),
    /** Rows that will come, where the format tells. */
    expectedRows: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('rows'),
    rows: z.number().int().positive(),
    rowsRead: z.number(),
    columns: z.array(columnPart),
  }),
  z.object({ kind: z.literal('progress'), rowsRead: z.number() }),
  z.object({ kind: z.literal('end'), rows: z.number(), rowsRead: z.number(), notes: z.array(z.string()) }),
  z.object({
    kind: z.literal('error'),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    retryWholeFile: z.boolean(),
  }),
]);

export type FrameHead = z.infer<typeof frameHead>;

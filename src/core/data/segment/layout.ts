import { z } from 'zod';
import { columnSchemaSchema } from '../../../shared/contract/common.ts';
import { ENCODINGS } from './encoded-values.ts';

/** First bytes of a segment: name and format version. */
export const SEGMENT_MAGIC = Buffer.from('FALAJSG1', 'latin1');

const extent = z.object({
  offset: z.number().int().nonnegative(),
  /** Bytes in the blob. Equal to `raw` when stored plainly, else a zstd frame. */
  stored: z.number().int().nonnegative(),
  raw: z.number().int().nonnegative(),
});

const chunkEntry = z.object({
  encoding: z.enum(ENCODINGS),
  base: z.number(),
  scale: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  values: extent,
  /** Given where the values are stored as numbers of fewer bits than their encoding has. */
  packing: z
    .object({
      bits: z.number().int().min(1).max(53),
      least: z.number().int(),
      divisor: z.number().int().positive(),
    })
    .optional(),
  validity: extent.nullable(),
  /** Text only: the dictionary entries that appear first in this group. */
  dictionary: extent.extend({ entries: z.number().int().positive() }).nullable(),
});

/** Where everything lies; the last bytes of the blob, zstd-compressed JSON. */
export const segmentDirectory = z.object({
  format: z.literal(1),
  columns: z.array(columnSchemaSchema),
  groups: z.array(z.object({ rows: z.number().int().positive(), chunks: z.array(chunkEntry) })),
});

export type Extent = z.infer<typeof extent>;
export type ChunkEntry = z.infer<typeof chunkEntry>;
export type SegmentDirectory = z.infer<typeof segmentDirectory>;

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { datasetDefinition } from '../definitions/datasets.ts';
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

export const importMode = z.enum(['replace', 'append', 'upsert']);

/** A stretch of a dataset's history: rows that arrived together, or were put together later. */
export const datasetPart = z.object({
  rows: z.number().int(),
  /** Rows that later ones have corrected: kept, but no longer among the current rows. */
  supersededRows: z.number().int(),
  digest: digestSchema,
  sizeBytes: z.number().int(),
  source: z.string(),
  /** Of its newest rows. */
  importedAt: instantSchema,
});

export const dataset = z.object({
  name: z.string(),
  version: z.number().int(),
  /** Current rows: those that no later row has corrected. */
  rows: z.number().int(),
  columns: z.array(columnSchemaSchema),
  eventTime: z.string().nullable(),
  knownTime: z.string().nullable(),
  /** With the event time they tell which row a correction replaces; empty when none were named. */
  keys: z.array(z.string()),
  /** How this version came to be, and how many rows its import brought. */
  mode: importMode,
  addedRows: z.number().int(),
  parts: z.array(datasetPart),
  labels: z.array(z.string()),
  purposes: z.array(z.string()),
  source: z.string(),
  /** SHA-256 of the canonical content: the same current rows give the same digest, however many parts they lie in. */
  digest: digestSchema,
  /** Encrypted size on disk of its parts; versions share parts. */
  sizeBytes: z.number().int(),
  importedAt: instantSchema,
});

/** A dataset after an import. */
export const importOutcome = dataset.extend({
  /** True when all of its rows were there already and nothing was written. */
  alreadyImported: z.boolean(),
});

export const columnHistory = columnProfile
  .pick({ rows: true, nulls: true, distinct: true, mean: true, min: true, max: true, quantiles: true })
  .extend({ version: z.number().int(), importedAt: instantSchema });

export const importInput = z.object({
  name: nameSchema,
  /** Absolute paths on the engine's machine. Several files of one shape are taken in order. */
  files: z.array(z.string().min(1)).min(1).max(1000),
  format: z.enum(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']).optional(),
  /**
   * replace: the files are the next version. append: their rows come after those of the newest version. upsert: likewise,
   * and a row whose keys and event time are there already corrects that row. What was imported before is left out.
   */
  mode: importMode.default('replace'),
  /** Columns that, with the event time, tell which row a correction replaces. Those of the dataset unless said. */
  keys: z.array(z.string().min(1)).default([]),
  eventTime: z.string().optional(),
  knownTime: z.string().optional(),
  labels: z.array(z.string()).default([]),
  purposes: z.array(z.string()).default([]),
  /** Keep each n-th row only (1 = all). */
  every: z.number().int().min(1).default(1),
  /** Columns to add, by DuckDB expressions over the file's own columns. */
  derive: z.array(z.object({ name: z.string(), expression: z.string() })).default([]),
});

/** Files to look into before they are imported. */
export const peekInput = importInput.pick({ files: true, format: true });

/** The columns that an import would have, and its first rows. */
export const peekedTable = rowsSchema.omit({ totalRows: true });

/** Base64 of 4 MiB. */
const UPLOAD_PIECE_CHARACTERS = 5_592_408;

export const byUpload = z.object({ upload: z.uuid() });

/** An import whose rows were sent with `upload`: content that is in no file. */
export const uploadedImportInput = importInput.omit({ files: true }).extend({
  upload: z.uuid(),
  /** What the content is called in the history and in errors. */
  source: z.string().min(1).max(200).default('upload'),
});

/** The newest version unless one is named. */
const byVersion = byName.extend({ version: z.coerce.number().int().min(1).optional() });

export const dataContract = {
  list: oc.route({ method: 'GET', path: '/data' }).output(z.array(dataset)),
  get: oc.route({ method: 'GET', path: '/data/{name}' }).input(byVersion).output(dataset),
  versions: oc.route({ method: 'GET', path: '/data/{name}/versions' }).input(byName).output(z.array(dataset)),
  preview: oc
    .route({ method: 'GET', path: '/data/{name}/rows' })
    .input(
      byVersion.extend({
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(rowsSchema),
  profile: oc
    .route({ method: 'GET', path: '/data/{name}/profile' })
    .input(byName)
    .output(z.array(columnProfile)),
  /** A column's statistics in every version that has it, oldest first. */
  profiles: oc
    .route({ method: 'GET', path: '/data/{name}/profiles' })
    .input(byName.extend({ column: z.string().min(1) }))
    .output(z.array(columnHistory)),
  /** The applied definition of kind Dataset; null when there is none. */
  definition: oc
    .route({ method: 'GET', path: '/data/{name}/definition' })
    .input(byName)
    .output(datasetDefinition.nullable()),
  /** What files look like; nothing is kept. */
  peek: oc.route({ method: 'POST', path: '/data/peek' }).input(peekInput).output(peekedTable),
  /** Job result: the dataset, and whether its rows were there already (`importOutcome`). */
  import: oc.route({ method: 'POST', path: '/data' }).input(importInput).output(jobStarted),
  /** Begins an upload: its bytes follow piece by piece, and are sealed as they arrive. */
  beginUpload: oc.route({ method: 'POST', path: '/data/uploads' }).output(byUpload),
  /** The next piece, in order, of at most 4 MiB in base64. */
  addToUpload: oc
    .route({ method: 'POST', path: '/data/uploads/{upload}' })
    .input(byUpload.extend({ bytes: z.string().max(UPLOAD_PIECE_CHARACTERS) }))
    .output(z.object({ sizeBytes: z.number().int() })),
  discardUpload: oc
    .route({ method: 'DELETE', path: '/data/uploads/{upload}' })
    .input(byUpload)
    .output(z.object({ removed: z.literal(true) })),
  /** Ends the upload and imports it; nothing is left of it afterwards. Job result: as of `import`. */
  importUpload: oc
    .route({ method: 'POST', path: '/data/uploads/{upload}/import' })
    .input(uploadedImportInput)
    .output(jobStarted),
  /** Writes plaintext to a path the person chose; audited. Job result: `{file, rows}`. */
  export: oc
    .route({ method: 'POST', path: '/data/{name}/export' })
    .input(
      byVersion.extend({
        file: z.string().min(1),
        format: z.enum(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']).optional(),
      }),
    )
    .output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/data/{name}' })
    .input(byName)
    .output(z.object({ removed: z.literal(true) })),
};

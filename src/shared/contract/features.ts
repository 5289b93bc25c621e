import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  entityDefinition,
  featureServiceDefinition,
  featureViewDefinition,
} from '../definitions/features.ts';
import { viewReferenceSchema } from '../definitions/view-reference.ts';
import { nameSchema } from '../names.ts';
import {
  byId,
  byName,
  cellSchema,
  columnSchemaSchema,
  columnTypeSchema,
  digestSchema,
  instantSchema,
  jobStarted,
  rowsSchema,
} from './common.ts';
import { columnProfile } from './data.ts';
import { trainingSetReceipt } from './receipts.ts';
import { onlineStatus, readLogState, skewFigures, skewInput, skewReport } from './skew.ts';
import { builtSet, checkSetInput, historicalInput } from './training-sets.ts';

export const featureView = z.object({
  definition: featureViewDefinition,
  version: z.number().int(),
  appliedAt: instantSchema,
  /** The services that use it. */
  usedBy: z.array(z.string()),
  /** When the newest rows at its source were imported, or the newest pushed row became known; null for requests. */
  rowsImportedAt: instantSchema.nullable(),
});

/** One state of a definition. Those of the same version differ in metadata alone. */
export const definitionRevision = z.object({
  version: z.number().int(),
  revision: z.number().int(),
  digest: digestSchema,
  appliedAt: instantSchema,
  /** Against the revision before it; empty for the first. */
  differences: z.array(z.string()),
  inForce: z.boolean(),
});

export const featureViewDetail = featureView.extend({
  /** Newest first. */
  history: z.array(definitionRevision),
});

export const featureServiceDetail = z.object({
  definition: featureServiceDefinition,
  version: z.number().int(),
  appliedAt: instantSchema,
  /** Newest first. */
  history: z.array(definitionRevision),
  /** What an answer holds, by `view__feature`. */
  features: z.array(
    z.object({ name: z.string(), view: z.string(), feature: z.string(), type: columnTypeSchema }),
  ),
  /** The training definitions that learn from it. */
  trainings: z.array(z.string()),
  log: readLogState,
});

/** A view by name, or one of its versions by `name@version`. */
const byViewReference = z.object({ name: viewReferenceSchema });

export const changeKind = z.enum(['create', 'update', 'unchanged', 'delete']);
export const plannedChange = z.object({
  kind: z.string(),
  name: z.string(),
  change: changeKind,
  differences: z.array(z.string()),
});

export const definitionsInput = z.object({
  /** Definition documents (YAML or JSON text), each with the file name that errors will mention. */
  documents: z
    .array(
      z.object({
        file: z.string(),
        text: z.string().max(4_000_000),
        /** Texts of the files that its trainings name, such as scripts, by their paths beside it. */
        files: z.record(z.string(), z.string().max(1_000_000)).optional(),
      }),
    )
    .min(1),
  prune: z.boolean().default(false),
});

const jsonRow = z.record(z.string(), cellSchema);

/** A misspelt `at` must not become an answer of now. */
export const onlineInput = z.strictObject({
  service: z.string().optional(),
  features: z
    .array(z.string().regex(/^[^:]+:[^:]+$/, 'view:feature or view:*'))
    .min(1)
    .optional(),
  keys: z.array(jsonRow).min(1).max(10_000).optional(),
  /** Absolute path on the engine's machine of a table of keys, in place of `keys`. */
  keysFile: z.string().min(1).optional(),
  /** The instant asked about; now unless said. */
  at: z.string().optional(),
});

/** Values and statuses by `view__feature`, event times by view (or its alias); `keys` as they were given. */
export const onlineResult = z.object({
  rows: z.array(
    z.object({
      keys: jsonRow,
      values: jsonRow,
      status: z.record(z.string(), onlineStatus),
      eventTime: z.record(z.string(), instantSchema.nullable()),
    }),
  ),
});

/** `keys`, or as many entities as `limit` says, those with the newest rows. */
/** A view's features at the times of its own rows, as they were when they were counted. */
export const viewStatisticsEntry = z.object({
  computedAt: instantSchema,
  /** Of the view and those that it reads. */
  definition: digestSchema,
  /** Null for pushed rows, which have no versions. */
  dataset: z.object({ name: z.string(), version: z.number().int() }).nullable(),
  sourceRows: z.number().int(),
  /** Those that the view's filter lets through. */
  rows: z.number().int(),
  /** Of a long history rows in equal steps are looked at. */
  sampledRows: z.number().int(),
  features: z.array(columnProfile),
});

export const asOfInput = byViewReference.extend({
  keys: z.array(jsonRow).min(1).max(200).optional(),
  limit: z.number().int().min(1).max(200).default(20),
  /** The instant asked about; when the newest row became known unless said. */
  at: z.string().optional(),
});

export const asOfResult = z.object({
  /** Null for a view without rows. */
  at: instantSchema.nullable(),
  /** When the view's first row became known, and its last; a row with a known time is known from then on. */
  first: instantSchema.nullable(),
  last: instantSchema.nullable(),
  /** When rows of these entities became known, next before and next after `at`. */
  previous: instantSchema.nullable(),
  next: instantSchema.nullable(),
  keys: z.array(columnSchemaSchema),
  features: z.array(columnSchemaSchema),
  rows: z.array(
    z.object({
      keys: jsonRow,
      /** In the order of `features`, as are the statuses. */
      values: z.array(cellSchema),
      status: z.array(onlineStatus),
      /** Of the row in force, also where it has expired. */
      eventTime: instantSchema.nullable(),
    }),
  ),
});

export const onlineState = z.object({
  isPushed: z.boolean(),
  /** `stale`: the view has changed since its online rows were made. */
  status: z.enum(['empty', 'ready', 'stale']),
  entities: z.number().int(),
  /** Source rows that are taken in, and those that are not yet. */
  rows: z.number().int(),
  waitingRows: z.number().int(),
  newestEvent: instantSchema.nullable(),
  writtenAt: instantSchema.nullable(),
  /** What a look-up must bring. */
  keys: z.array(columnSchemaSchema),
});

export const pushInput = z.strictObject({ view: nameSchema, rows: z.array(jsonRow).min(1).max(10_000) });

export const pushFileInput = z.object({
  view: nameSchema,
  /** Absolute path on the engine's machine. */
  file: z.string().min(1),
  format: z.enum(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']).optional(),
});

export const materializeInput = z.object({
  /** Every view that is marked `online` unless said. */
  view: nameSchema.optional(),
  /** Event times, both inclusive. */
  since: z.string().optional(),
  until: z.string().optional(),
});

export const pushResult = z.object({
  view: z.string(),
  rows: z.number().int(),
  added: z.number().int(),
  duplicates: z.number().int(),
});

export const featuresContract = {
  entities: oc.route({ method: 'GET', path: '/features/entities' }).output(z.array(entityDefinition)),
  views: oc.route({ method: 'GET', path: '/features/views' }).output(z.array(featureView)),
  view: oc
    .route({ method: 'GET', path: '/features/views/{name}' })
    .input(byViewReference)
    .output(featureViewDetail),
  services: oc.route({ method: 'GET', path: '/features/services' }).output(z.array(featureServiceDefinition)),
  service: oc
    .route({ method: 'GET', path: '/features/services/{name}' })
    .input(byName)
    .output(featureServiceDetail),
  /** Compares what was served with what a training set says. Job result: `{service, skew, rows}`. */
  skew: oc.route({ method: 'POST', path: '/features/skew' }).input(skewInput).output(jobStarted),
  /** The last comparison, null before the first. */
  skewReport: oc
    .route({ method: 'GET', path: '/features/services/{name}/skew' })
    .input(byName)
    .output(z.object({ report: skewReport.nullable() })),
  /** The figures of the last comparisons, newest first. */
  skewHistory: oc
    .route({ method: 'GET', path: '/features/services/{name}/skew/history' })
    .input(byName)
    .output(z.array(skewFigures)),
  /** A few rows of the view's features at the times of its newest source rows, as a person would look at them. */
  sample: oc
    .route({ method: 'GET', path: '/features/views/{name}/sample' })
    .input(byViewReference.extend({ limit: z.coerce.number().int().min(1).max(200).default(20) }))
    .output(rowsSchema),
  /** What the view said of a few entities at an instant, by as much as was known then: what a training row of then gets. */
  /** Newest first; the first is of the view and its source as they stand. */
  statistics: oc
    .route({ method: 'GET', path: '/features/views/{name}/statistics' })
    .input(byName)
    .output(z.array(viewStatisticsEntry)),
  asOf: oc
    .route({ method: 'POST', path: '/features/views/{name}/as-of' })
    .input(asOfInput)
    .output(asOfResult),
  /** Job result: `{file, rows, columns, data, receipt?}`; `data` are the versions of datasets that the features come from. The output has one row per entity row, in order. */
  historical: oc
    .route({ method: 'POST', path: '/features/historical' })
    .input(historicalInput)
    .output(jobStarted),
  /** Builds a set without writing it and looks for what it could not know. Job result: a `SetCheck`. */
  check: oc.route({ method: 'POST', path: '/features/check' }).input(checkSetInput).output(jobStarted),
  /** The first rows of a set that was checked; kept in memory for the latest checks only. */
  checkedRows: oc
    .route({ method: 'GET', path: '/features/check/{job}/rows' })
    .input(z.object({ job: z.string().min(1) }))
    .output(rowsSchema),
  /** The training sets that have a receipt, newest first. */
  sets: oc.route({ method: 'GET', path: '/features/training-sets' }).output(z.array(builtSet)),
  receipt: oc
    .route({ method: 'GET', path: '/features/training-sets/{id}' })
    .input(byId)
    .output(trainingSetReceipt),
  /** Builds a receipt's set again and compares. Job result: a `ReceiptVerification`. */
  verify: oc
    .route({ method: 'POST', path: '/features/verify' })
    .input(
      z.object({
        /** A file, or `training-set/ID`. */
        receipt: z.string().min(1),
        entities: z.string().min(1).optional(),
        out: z.string().min(1).optional(),
      }),
    )
    .output(jobStarted),
  online: oc.route({ method: 'POST', path: '/features/online' }).input(onlineInput).output(onlineResult),
  onlineState: oc
    .route({ method: 'GET', path: '/features/views/{name}/online' })
    .input(byName)
    .output(onlineState),
  /** All rows or none; rows that came before are counted and left out. */
  push: oc.route({ method: 'POST', path: '/features/push' }).input(pushInput).output(pushResult),
  /** Job result: as of `push`. */
  pushFile: oc.route({ method: 'POST', path: '/features/push-file' }).input(pushFileInput).output(jobStarted),
  /** Job result: `{views: [{view, mode, rows, entities}]}`. */
  materialize: oc
    .route({ method: 'POST', path: '/features/materialize' })
    .input(materializeInput)
    .output(jobStarted),
  plan: oc
    .route({ method: 'POST', path: '/definitions/plan' })
    .input(definitionsInput)
    .output(z.array(plannedChange)),
  apply: oc
    .route({ method: 'POST', path: '/definitions/apply' })
    .input(definitionsInput)
    .output(z.array(plannedChange)),
};

import { z } from 'zod';
import { columnSchemaSchema, columnTypeSchema, digestSchema, instantSchema } from './common.ts';

const count = z.number().int().min(0);

/** Where the rows came from that were given their features. */
export const spineSource = z.discriminatedUnion('kind', [
  /** Absolute path on the engine's machine. */
  z.strictObject({ kind: z.literal('file'), file: z.string() }),
  z.strictObject({
    kind: z.literal('dataset'),
    name: z.string(),
    version: z.number().int(),
    digest: digestSchema,
  }),
]);

/** Everything that decides a training set, and the hash of what came of it. */
export const trainingSetFacts = z.strictObject({
  format: z.literal('falaj-training-set-receipt/1'),
  /** The rules of the point-in-time join that were followed. */
  semantics: z.literal('falaj-point-in-time/1'),
  falaj: z.string(),
  workspace: z.string(),
  builtAt: instantSchema,
  /** The run that learned from the set; null for a set that was written to a file. */
  run: z.string().nullable(),
  query: z.strictObject({
    training: z.string().nullable(),
    service: z.string().nullable(),
    /** `view:feature`, `view:*` or `view@2:feature` in the order asked for; null when a service says it. */
    features: z.array(z.string()).nullable(),
    /** Columns of these features, `view__feature`, that were left out. */
    without: z.array(z.string()).min(1).optional(),
    eventTime: z.string().nullable(),
    names: z.enum(['full', 'feature']),
    /** `row`, an instant, or null for no cut-off. */
    asKnown: z.string().nullable(),
  }),
  /** Every definition that took part, under the name by which it was asked for. */
  definitions: z.array(
    z.strictObject({
      kind: z.enum(['Entity', 'FeatureView', 'FeatureService', 'Training']),
      reference: z.string(),
      name: z.string(),
      version: z.number().int(),
      revision: z.number().int(),
      /** SHA-256 of its canonical JSON. */
      digest: digestSchema,
      ttl: z.string().nullable(),
    }),
  ),
  /** What each view read, under the name that its columns carry. */
  data: z.array(
    z.strictObject({
      view: z.string(),
      /** References of definitions above: of the view, and of those through which it reads the data. */
      through: z.array(z.string()).min(1),
      /** The dataset; `push:VIEW` for pushed rows, of which the version is their number. */
      name: z.string(),
      version: z.number().int(),
      digest: digestSchema,
      rows: count,
      /** The highest sequence (place of a row in the order of arrival, from 1) that could be used; 0: nothing was known. */
      sequence: count,
    }),
  ),
  spine: z.strictObject({
    source: spineSource,
    rows: count,
    rowsWithoutTime: count,
    columns: z.array(columnSchemaSchema),
    /** Table hash of all its columns: keys, time and the rest. */
    digest: digestSchema,
  }),
  output: z.strictObject({
    rows: count,
    columns: z.array(
      z.strictObject({ name: z.string(), type: columnTypeSchema, digest: digestSchema, nulls: count }),
    ),
    /** Table hash of all columns. */
    contentHash: digestSchema,
    contentBytes: count,
  }),
  /** Per feature column; expired ones are null as well. */
  features: z.array(z.strictObject({ name: z.string(), nulls: count, expired: count })),
});

export const receiptSignature = z.strictObject({
  payloadType: z.string(),
  algorithm: z.literal('ecdsa-p256-sha256'),
  /** SHA-256 of the public key's PEM text. */
  keyId: digestSchema,
  value: z.base64(),
});

/** A receipt as it lies in a file. */
export const trainingSetReceipt = trainingSetFacts.extend({ signature: receiptSignature });

export const receiptDifference = z.object({
  kind: z.enum(['signature', 'definition', 'data', 'spine', 'column', 'rows']),
  /** The definition, dataset version or column; empty for a signature. */
  name: z.string(),
  message: z.string(),
});

/** What `falaj features verify --json` prints. */
export const receiptVerification = z.object({
  verified: z.boolean(),
  differences: z.array(receiptDifference),
  recorded: z.object({ builtAt: instantSchema, rows: count, contentHash: digestSchema, contentBytes: count }),
  /** Null when something that the set is made of is not there or not the same. */
  rebuilt: z.object({ rows: count, contentHash: digestSchema, contentBytes: count }).nullable(),
  /** The rebuilt set, when it was to be written. */
  file: z.string().nullable(),
});

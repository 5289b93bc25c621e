import { z } from 'zod';
import { columnTypeSchema, digestSchema, instantSchema } from './common.ts';

const count = z.number().int().min(0);

/** Which features, for which rows, as of when. */
export const setInput = z.object({
  service: z.string().optional(),
  features: z.array(z.string()).optional(),
  /** Columns of these that are left out: `view__feature`. */
  without: z.array(z.string()).optional(),
  /** Absolute path on the engine's machine. */
  entities: z.string().min(1),
  eventTime: z.string().default('event_time'),
  /** `row`, or an instant; no cut-off unless said. */
  asKnown: z.string().optional(),
});

export const historicalInput = setInput.extend({
  out: z.string().min(1),
  names: z.enum(['full', 'feature']).default('full'),
  receipt: z.string().min(1).optional(),
});

export const checkSetInput = setInput.extend({
  /** The column of the entities that is to be predicted. */
  label: z.string().min(1).optional(),
  /** How many rows are kept to be looked at. */
  rows: z.number().int().min(1).max(200).default(200),
});

export const labelMeasure = z.enum([
  'identical',
  'presence',
  'auc',
  'pearson',
  'spearman',
  'lambda',
  'group-mean',
]);

/** `leak`: the set tells what could not be known. `attention`: it may. `note`: what could not be judged, or need not be wrong. */
export const setSeverity = z.enum(['leak', 'attention', 'note']);

const about = {
  /** The feature view, and the columns of the set that it is about. */
  view: z.string(),
  columns: z.array(z.string()),
};

export const setWarning = z.discriminatedUnion('code', [
  /** `rows` of `of` got something that became known after their own time. */
  z.object({
    code: z.literal('KNOWN_LATER'),
    severity: z.literal('leak'),
    ...about,
    rows: count,
    of: count,
    medianLatenessMs: z.number(),
  }),
  /** `rows` of `of` got something that does not say when it became known. */
  z.object({
    code: z.literal('KNOWN_TIME_UNKNOWN'),
    severity: z.literal('note'),
    ...about,
    rows: count,
    of: count,
  }),
  /** One feature tells the label by itself. */
  z.object({
    code: z.literal('LABEL_IN_FEATURES'),
    severity: z.literal('leak'),
    ...about,
    label: z.string(),
    measure: labelMeasure,
    strength: z.number(),
    /** How many rows were compared. */
    rows: count,
  }),
  /** `rows` of the `of` rows that got anything got something of exactly their own time. */
  z.object({
    code: z.literal('AT_THE_LABEL_TIME'),
    severity: setSeverity,
    ...about,
    /** In a window that reaches to the row's time, or as the latest row. */
    through: z.enum(['window', 'row']),
    dataset: z.string(),
    /** The entities come from that dataset, so that it is their own row. */
    isOwnRow: z.boolean(),
    rows: count,
    of: count,
  }),
  /** The label has too few rows, or too few of a second value, for features to be held against it. */
  z.object({
    code: z.literal('LABEL_NOT_CHECKED'),
    severity: z.literal('note'),
    label: z.string(),
    rows: count,
  }),
]);

export const checkedFeature = z.object({
  name: z.string(),
  type: columnTypeSchema,
  view: z.string(),
  nulls: count,
  /** Of the nulls: those whose value was older than the view's ttl. */
  expired: count,
});

export const setCheck = z.object({
  rows: count,
  rowsWithoutTime: count,
  /** How many of the rows features were held against the label on; null when no label was named. */
  label: z.object({ name: z.string(), sampledRows: count }).nullable(),
  features: z.array(checkedFeature),
  /** The gravest first. */
  warnings: z.array(setWarning),
});

/** A training set that was built with a receipt, or by a training. */
export const builtSet = z.object({
  id: z.string(),
  builtAt: instantSchema,
  run: z.string().nullable(),
  service: z.string().nullable(),
  features: z.array(z.string()).nullable(),
  asKnown: z.string().nullable(),
  /** The file or dataset of its rows. */
  entities: z.string(),
  rows: count,
  columns: count,
  contentHash: digestSchema,
});

import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { isTimeZone } from '../time-zone.ts';
import { viewReferenceSchema } from './view-reference.ts';

const duration = z
  .string()
  .regex(/^0*[1-9]\d*(us|ms|s|m|h|d)$/, 'A duration longer than zero such as 500ms, 15m, 24h or 7d');

/** `p1` to `p99`. */
type Percentile = `p${number}`;

const percentiles = Array.from({ length: 99 }, (_, index): Percentile => `p${index + 1}`);

export const aggregateFunction = z.enum(
  ['count', 'sum', 'mean', 'min', 'max', 'stddev', 'last', 'distinct_count', ...percentiles],
  'One of count, sum, mean, min, max, stddev, last, distinct_count, and p1 to p99',
);

export const entityDefinition = z.strictObject({
  kind: z.literal('Entity'),
  name: nameSchema,
  keys: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        type: z.enum(['string', 'int64', 'bool', 'date', 'timestamp']),
      }),
    )
    .min(1),
  description: z.string().optional(),
});

const columnType = z.enum(['float64', 'int64', 'bool', 'string', 'timestamp', 'date']);

export const featureDefinition = z.strictObject({
  name: nameSchema,
  type: columnType.default('float64'),
  /** A source column; the feature's own name unless said. */
  column: z.string().optional(),
  /** Over the rows known by then with event time in (T − window, T], or in (T − window, T) when exclusive. */
  aggregate: z
    .strictObject({
      fn: aggregateFunction,
      of: z.string(),
      window: duration,
      exclusive: z.boolean().optional(),
    })
    .optional(),
  /** Row-wise DuckDB SQL over the source's columns. */
  expression: z.string().optional(),
});

/** Where a view's rows come from: one of `dataset`, `view`, `request` and `push`. */
export const viewSource = z
  .strictObject({
    dataset: nameSchema.optional(),
    /** The rows of another view, with its features as columns; keys and times are its own. */
    view: nameSchema.optional(),
    /** Columns that come with each request, for features computed from it alone. */
    request: z
      .array(z.strictObject({ name: z.string().min(1), type: columnType }))
      .min(1)
      .optional(),
    /** Rows that are pushed as they come. */
    push: z.literal(true).optional(),
    /** How far in the future the time of a pushed row may lie; five minutes unless said. */
    skew: duration.optional(),
    eventTime: z.string().optional(),
    knownTime: z.string().optional(),
    /** Where the days of a date column start; UTC unless said. */
    zone: z.string().refine(isTimeZone, 'A time zone such as Asia/Dubai').optional(),
    /** Entity key name → source column. */
    keys: z.record(z.string(), z.string()).default({}),
    filter: z.string().optional(),
  })
  .refine(
    ({ dataset, view, request, push }) =>
      [dataset, view, request, push].filter((one) => one !== undefined).length === 1,
    'A source is one of dataset, view, request and push',
  );

export const featureViewDefinition = z.strictObject({
  kind: z.literal('FeatureView'),
  name: nameSchema,
  entities: z.array(nameSchema),
  source: viewSource,
  ttl: duration.optional(),
  features: z.array(featureDefinition).min(1),
  online: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  tags: z.record(z.string(), z.string()).default({}),
  owner: z.string().optional(),
  description: z.string().optional(),
});

/** Which online reads of a service are kept, to be compared with what a training set says of the same moments. */
export const readLogDefinition = z.strictObject({
  /** The share of the keys read that is kept, chosen at random. */
  sample: z.number().gt(0).max(1).default(0.1),
  retention: duration.default('30d'),
});

export const featureServiceDefinition = z.strictObject({
  kind: z.literal('FeatureService'),
  name: nameSchema,
  features: z
    .array(
      z.union([
        z
          .string()
          .regex(
            /^[A-Za-z0-9][A-Za-z0-9._-]*(?:@[1-9]\d{0,8})?:[^:]+$/,
            'view:feature, view:* or view@2:feature',
          ),
        z.strictObject({
          view: viewReferenceSchema,
          as: nameSchema.optional(),
          keys: z.record(z.string(), z.string()).default({}),
          features: z.array(nameSchema).optional(),
        }),
      ]),
    )
    .min(1),
  log: readLogDefinition.optional(),
  owner: z.string().optional(),
  description: z.string().optional(),
});

export type EntityDefinition = z.infer<typeof entityDefinition>;
export type FeatureDefinition = z.infer<typeof featureDefinition>;
export type ViewSource = z.infer<typeof viewSource>;
export type FeatureViewDefinition = z.infer<typeof featureViewDefinition>;
export type FeatureServiceDefinition = z.infer<typeof featureServiceDefinition>;
export type AggregateFunction = z.infer<typeof aggregateFunction>;
export type FeatureAggregate = NonNullable<FeatureDefinition['aggregate']>;

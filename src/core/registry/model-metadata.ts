import { z } from 'zod';
import { columnTypeSchema, metricsSchema } from '../../shared/contract/common.ts';
import { tensorSpec } from '../../shared/contract/models.ts';
import { trainingDefinition } from '../../shared/definitions/training.ts';

/** How a column's values become the float32 numbers that a model reads. A missing value is always NaN. */
const featureEncoding = z.discriminatedUnion('kind', [
  /** The number itself; booleans as 0 and 1. */
  z.strictObject({ kind: z.literal('number') }),
  /** Days since 1970-01-01, for dates and times. */
  z.strictObject({ kind: z.literal('days') }),
  /** A number per known text, and one for every other. */
  z.strictObject({
    kind: z.literal('category'),
    values: z.array(z.string()),
    numbers: z.array(z.number()),
    other: z.number(),
  }),
]);

/**
 * metadata.json: what a model is and how to feed it, signed together with the model. It holds no time and no run id, so
 * that the same data, definition and seed give the same bytes.
 */
export const modelMetadata = z.strictObject({
  format: z.literal('falaj-model/1'),
  framework: z.string(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  /** Of a model of many classes their names, in the order of its output's columns. */
  classes: z.array(z.string()).optional(),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
  /** In the order of the model's input matrix. */
  features: z.array(z.strictObject({ name: z.string(), type: columnTypeSchema, encoding: featureEncoding })),
  metrics: metricsSchema,
  training: trainingDefinition.nullable(),
  datasets: z.array(z.strictObject({ name: z.string(), version: z.number().int(), digest: z.string() })),
});

export type ModelMetadata = z.infer<typeof modelMetadata>;
export type FeatureEncoding = z.infer<typeof featureEncoding>;
export type ModelFeature = ModelMetadata['features'][number];

import { z } from 'zod';
import type { Step } from '../../numerics/preprocessing/index.ts';
import { columnTypeSchema, metricsSchema } from '../../shared/contract/common.ts';
import { tensorSpec } from '../../shared/contract/models.ts';
import { trainingDefinition } from '../../shared/definitions/training.ts';

const column = z.string();
const datePart = z.enum(['days', 'hour', 'weekday', 'month', 'dayOfMonth']);

/** A step of preprocessing with what it learned of its column. */
const learnedStep = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    column,
    fill: z.number(),
    centre: z.number(),
    factor: z.number(),
    indicator: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('raw'), column }),
  z.strictObject({
    kind: z.literal('time'),
    column,
    fill: z.number().nullable(),
    parts: z.array(datePart).readonly(),
  }),
  z.strictObject({ kind: z.literal('oneHot'), column, values: z.array(z.string()).readonly() }),
  z.strictObject({
    kind: z.literal('lookup'),
    column,
    values: z.array(z.string()).readonly(),
    numbers: z.array(z.number()).readonly(),
    other: z.number(),
    missing: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('hash'), column, buckets: z.number().int(), seed: z.number().int() }),
]);

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
  /** What a definition's `preprocess` asks for, as it was learned. */
  z.strictObject({ kind: z.literal('step'), step: learnedStep }),
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
  /** The chance from which up yes is the answer, where the training was asked to choose; 0.5 where absent. */
  threshold: z.number().optional(),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
  /** The raw columns that the model reads, and how its graph makes numbers of them. Models of before read a matrix of these numbers. */
  features: z.array(z.strictObject({ name: z.string(), type: columnTypeSchema, encoding: featureEncoding })),
  metrics: metricsSchema,
  training: trainingDefinition.nullable(),
  datasets: z.array(z.strictObject({ name: z.string(), version: z.number().int(), digest: z.string() })),
});

export type ModelMetadata = z.infer<typeof modelMetadata>;
export type FeatureEncoding = z.infer<typeof featureEncoding>;
export type ModelFeature = ModelMetadata['features'][number];

/** A feature's way into the model as a step of its graph. */
export function stepOf({ name, encoding }: ModelFeature): Step {
  switch (encoding.kind) {
    case 'number':
      return { kind: 'raw', column: name };
    case 'days':
      return { kind: 'time', column: name, fill: null, parts: ['days'] };
    case 'category': {
      const { values, numbers, other } = encoding;
      return { kind: 'lookup', column: name, values, numbers, other, missing: null };
    }
    case 'step':
      return encoding.step;
  }
}

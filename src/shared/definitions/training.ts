import { z } from 'zod';
import { nameSchema } from '../names.ts';

export const gbdtLearner = z.strictObject({
  kind: z.literal('gbdt'),
  trees: z.number().int().min(1).max(10_000).default(200),
  leaves: z.number().int().min(2).max(255).default(31),
  learningRate: z.number().positive().max(1).default(0.1),
  minRowsPerLeaf: z.number().int().min(1).default(20),
  l2: z.number().min(0).default(0),
  earlyStopping: z.number().int().min(1).optional(),
});

export const linearLearner = z.strictObject({
  kind: z.literal('linear'),
  l2: z.number().min(0).default(1),
  maxIterations: z.number().int().min(1).max(1000).default(100),
});

export const trainingDefinition = z.strictObject({
  kind: z.literal('Training'),
  name: nameSchema,
  service: nameSchema.optional(),
  /** Columns of the entities' dataset that are features as they stand. */
  columns: z.array(z.string()).default([]),
  /** Row-wise DuckDB expressions over the entities' columns. */
  expressions: z.array(z.strictObject({ name: nameSchema, expression: z.string() })).default([]),
  entities: z.strictObject({ dataset: nameSchema, eventTime: z.string().optional() }),
  asKnown: z.literal('row').optional(),
  label: z.strictObject({ column: z.string(), expression: z.string().optional() }),
  task: z.enum(['binary', 'regression']),
  split: z
    .strictObject({
      by: z.enum(['time', 'random']).default('time'),
      test: z.number().min(0.01).max(0.9).default(0.2),
      validation: z.number().min(0).max(0.5).default(0.1),
    })
    .prefault({}),
  /** Column whose label mean on the training part is the baseline's prediction. */
  baseline: z.strictObject({ groupBy: z.string() }).optional(),
  learner: z.discriminatedUnion('kind', [gbdtLearner, linearLearner]),
  seed: z.number().int().default(7),
  experiment: nameSchema.optional(),
  register: z.strictObject({ model: nameSchema, alias: nameSchema.optional() }).optional(),
});

export const trainResult = z.object({
  run: z.string(),
  model: z.object({ name: z.string(), version: z.number().int() }).nullable(),
  metrics: z.record(z.string(), z.number()),
  timingsMs: z.object({ load: z.number(), fit: z.number(), evaluate: z.number(), export: z.number() }),
});

export type TrainingDefinition = z.infer<typeof trainingDefinition>;
export type Learner = TrainingDefinition['learner'];
export type GbdtLearner = z.infer<typeof gbdtLearner>;
export type LinearLearner = z.infer<typeof linearLearner>;
export type TrainResult = z.infer<typeof trainResult>;

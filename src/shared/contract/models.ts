import { oc } from '@orpc/contract';
import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { columnSchemaSchema, digestSchema, instantSchema, jobStarted, metricsSchema } from './common.ts';

export const tensorSpec = z.object({ name: z.string(), type: z.string(), shape: z.array(z.number().int()) });
export const modelFile = z.object({ path: z.string(), sizeBytes: z.number().int(), digest: digestSchema });

export const modelVersion = z.object({
  name: z.string(),
  version: z.number().int(),
  /** Root digest over the files, as in the OMS statement. */
  digest: digestSchema,
  aliases: z.array(z.string()),
  signature: z.object({ inputs: z.array(tensorSpec), outputs: z.array(tensorSpec) }),
  signed: z.boolean(),
  /** The signature was checked against the stored bytes in this answer. */
  verified: z.boolean(),
  /** Falaj computes with it. Folders of other programs' models are kept and handed out, never run. */
  servable: z.boolean(),
  metrics: metricsSchema,
  lineage: z.object({
    run: z.string().nullable(),
    datasets: z.array(z.object({ name: z.string(), version: z.number().int(), digest: z.string() })),
    service: z.string().nullable(),
    training: z.string().nullable(),
  }),
  files: z.array(modelFile),
  framework: z.string(),
  /** The flavours that a folder's MLmodel file names. */
  flavors: z.array(z.string()),
  columns: z.array(columnSchemaSchema),
  /** Where a client took its files from; null for what was trained here. */
  source: z.string().nullable(),
  /** Labels: no signature covers them. */
  stage: z.string(),
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});

export const model = z.object({
  name: z.string(),
  versions: z.number().int(),
  latestVersion: z.number().int(),
  aliases: z.record(z.string(), z.number().int()),
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  /** Of the newest version, as is the next; null where there is none. */
  framework: z.string().nullable(),
  metrics: metricsSchema,
});

/** `name`, `name@alias` or `name:version`. */
export const modelReference = z.object({ reference: z.string().min(1).max(300) });

export const modelVerification = z.object({
  verified: z.boolean(),
  digest: z.string(),
  keyId: z.string().nullable(),
  files: z.array(
    z.object({ path: z.string(), status: z.enum(['ok', 'changed', 'missing', 'extra', 'damaged']) }),
  ),
  reason: z.string(),
});

export const explainInput = modelReference.extend({
  in: z.string().min(1),
  rows: z.number().int().min(1).max(200).default(10),
  /** Rows of the file, drawn at random, that each is compared with. */
  background: z.number().int().min(1).max(256).default(32),
  seed: z.number().int().min(0).default(0),
});

export const modelsContract = {
  list: oc.route({ method: 'GET', path: '/models' }).output(z.array(model)),
  versions: oc
    .route({ method: 'GET', path: '/models/{name}/versions' })
    .input(z.object({ name: nameSchema }))
    .output(z.array(modelVersion)),
  get: oc.route({ method: 'GET', path: '/model' }).input(modelReference).output(modelVersion),
  /** Checks a version's signature against its stored bytes. Job result: `modelVerification`. */
  verify: oc.route({ method: 'POST', path: '/model/verify' }).input(modelReference).output(jobStarted),
  alias: oc
    .route({ method: 'PUT', path: '/models/{name}/aliases/{alias}' })
    .input(z.object({ name: nameSchema, alias: nameSchema, version: z.number().int().min(1) }))
    .output(model),
  removeAlias: oc
    .route({ method: 'DELETE', path: '/models/{name}/aliases/{alias}' })
    .input(z.object({ name: nameSchema, alias: nameSchema }))
    .output(model),
  /** Writes the model's files and its signature to a folder. Job result: `{dir, files}`. */
  export: oc
    .route({ method: 'POST', path: '/model/export' })
    .input(modelReference.extend({ dir: z.string().min(1) }))
    .output(jobStarted),
  /** Scores a file of raw columns in an isolated process. Job result: `{file, rows, latencyMs, device}`. */
  predict: oc
    .route({ method: 'POST', path: '/model/predict' })
    .input(
      modelReference.extend({
        in: z.string().min(1),
        out: z.string().min(1),
        device: z.enum(['cpu', 'cuda', 'webgpu']).default('cpu'),
        batch: z.number().int().min(1).max(1_000_000).default(16_384),
      }),
    )
    .output(jobStarted),
  /** What moves the scores of a file's first rows, by sampled Shapley values. Job result: `modelExplanation`. */
  explain: oc.route({ method: 'POST', path: '/model/explain' }).input(explainInput).output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/models/{name}/versions/{version}' })
    .input(z.object({ name: nameSchema, version: z.coerce.number().int().min(1) }))
    .output(z.object({ removed: z.literal(true) })),
  /** The model with all its versions and aliases. */
  removeModel: oc
    .route({ method: 'DELETE', path: '/models/{name}' })
    .input(z.object({ name: nameSchema }))
    .output(z.object({ removed: z.literal(true) })),
};

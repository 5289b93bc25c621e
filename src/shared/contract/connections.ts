import { oc } from '@orpc/contract';
import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { byName, instantSchema, jobStarted } from './common.ts';
import { importInput, peekedTable } from './data.ts';

const host = z.string().min(1).max(255);
/** A certificate authority of the person's own, as PEM text. */
const certificates = z.string().max(1_000_000).optional();

/** Where a connection leads, without anything secret. */
export const connectionTarget = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('postgresql'),
    /** A name, an address, or the folder of a Unix socket. */
    host,
    port: z.number().int().min(1).max(65_535).default(5432),
    database: z.string().min(1),
    user: z.string().min(1),
    /** Encrypted with a verified certificate unless switched off; a Unix socket needs neither. */
    tls: z.enum(['verify', 'off']).default('verify'),
    certificates,
  }),
  z.object({ kind: z.literal('duckdb'), path: z.string().min(1) }),
  z.object({ kind: z.literal('sqlite'), path: z.string().min(1) }),
  z.object({
    kind: z.literal('s3'),
    endpoint: z.url({ protocol: /^https?$/ }),
    bucket: z.string().min(1).max(255),
    region: z.string().min(1).default('us-east-1'),
    certificates,
  }),
]);

/** Sealed as soon as it arrives; no answer ever holds it. */
export const connectionSecret = z.union([
  z.object({ password: z.string().min(1) }),
  z.object({ accessKey: z.string().min(1), secretKey: z.string().min(1) }),
]);

export const connection = z.object({
  name: z.string(),
  kind: z.enum(['postgresql', 'duckdb', 'sqlite', 's3']),
  /** Where it leads, for a person. */
  target: z.string(),
  hasSecret: z.boolean(),
  createdAt: instantSchema,
});

export const connectionCheck = z.object({
  name: z.string(),
  target: z.string(),
  /** What can be read: tables, or the first objects. */
  readable: z.array(z.string()),
  latencyMs: z.number(),
});

/** What is read over a connection: one table, the rows of one query, or objects of one shape. */
const connectedSelection = z.object({
  from: nameSchema,
  table: z.string().min(1).optional(),
  query: z.string().min(1).max(1_000_000).optional(),
  objects: z.array(z.string().min(1)).max(1000).optional(),
});

/** An import whose rows come over a connection. */
export const connectedImportInput = importInput.omit({ files: true }).extend(connectedSelection.shape);

export const connectedPeekInput = connectedSelection.extend(importInput.pick({ format: true }).shape);

export const connectionsContract = {
  list: oc.route({ method: 'GET', path: '/connections' }).output(z.array(connection)),
  add: oc
    .route({ method: 'POST', path: '/connections' })
    .input(z.object({ name: nameSchema, target: connectionTarget, secret: connectionSecret.optional() }))
    .output(connection),
  /** Job result: what can be read, and how long the first answer took. */
  check: oc.route({ method: 'POST', path: '/connections/{name}/check' }).input(byName).output(jobStarted),
  /** What a selection looks like; nothing is kept. */
  peek: oc
    .route({ method: 'POST', path: '/connections/{from}/peek' })
    .input(connectedPeekInput)
    .output(peekedTable),
  /** Job result: the dataset. */
  import: oc
    .route({ method: 'POST', path: '/connections/{from}/import' })
    .input(connectedImportInput)
    .output(jobStarted),
  remove: oc
    .route({ method: 'DELETE', path: '/connections/{name}' })
    .input(byName)
    .output(z.object({ removed: z.literal(true) })),
};

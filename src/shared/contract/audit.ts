import { oc } from '@orpc/contract';
import { z } from 'zod';
import { digestSchema, instantSchema } from './common.ts';

export const auditEntry = z.object({
  sequence: z.number().int(),
  at: instantSchema,
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  result: z.enum(['done', 'refused', 'failed']),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  leafHash: digestSchema,
});

export const auditHead = z.object({
  size: z.number().int(),
  root: digestSchema,
  checkpoint: z.string().nullable(),
});

export const auditVerification = z.object({
  intact: z.boolean(),
  size: z.number().int(),
  root: z.string(),
  /** Sequence of the first entry that does not fit; null when intact. */
  firstDamaged: z.number().int().nullable(),
  reason: z.string(),
  /** A rollback of the whole store can only be seen against a checkpoint kept elsewhere. */
  checkpointsKept: z.number().int(),
});

/** An inclusion proof that can be checked offline with the checkpoint alone. */
export const auditProof = z.object({
  entry: auditEntry,
  leaf: z.string(),
  proof: z.array(digestSchema),
  head: auditHead,
});

export const auditContract = {
  list: oc
    .route({ method: 'GET', path: '/audit' })
    .input(
      z.object({
        before: z.coerce.number().int().optional(),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
        action: z.string().optional(),
        text: z.string().max(200).optional(),
      }),
    )
    .output(z.object({ entries: z.array(auditEntry), head: auditHead })),
  verify: oc.route({ method: 'POST', path: '/audit/verify' }).output(auditVerification),
  proof: oc
    .route({ method: 'GET', path: '/audit/{sequence}/proof' })
    .input(z.object({ sequence: z.coerce.number().int().min(0) }))
    .output(auditProof),
};

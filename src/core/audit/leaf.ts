import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { canonicalJson } from '../../trust/canonical-json.ts';
import { leafHash } from '../../trust/merkle-log/index.ts';

export type AuditResult = 'done' | 'refused' | 'failed';
export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What is recorded of an action. Text about persons does not belong here: the log cannot forget. */
export interface AuditRecord {
  readonly sequence: number;
  /** ISO-8601, UTC. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly result: AuditResult;
  readonly details: AuditDetails;
}

export interface AuditEntry extends AuditRecord {
  readonly leafHash: string;
}

/** Entries of a published log have a 16-bit length (C2SP tlog-tiles). */
const MAX_LEAF_BYTES = 65_535;

const recordSchema = z.strictObject({
  sequence: z.number().int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  object: z.string(),
  result: z.enum(['done', 'refused', 'failed']),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** The canonical text of a record: the bytes that are hashed, kept and proven. */
export function encodeLeaf(record: AuditRecord): string {
  const leaf = canonicalJson({
    ...record,
    actor: record.actor.toWellFormed(),
    object: record.object.toWellFormed(),
    details: Object.fromEntries(
      Object.entries(record.details).map(([key, value]) => [key.toWellFormed(), plain(value)]),
    ),
  });
  if (Buffer.byteLength(leaf) > MAX_LEAF_BYTES) {
    throw new FalajError('TOO_LARGE', `The record of "${record.action}" is too long for the audit log.`, {
      details: { action: record.action },
    });
  }
  return leaf;
}

/** The entry in a stored leaf. */
export function decodeLeaf(leaf: string, sequence: number): AuditEntry {
  const record = recordSchema.safeParse(parse(leaf));
  if (!record.success || record.data.sequence !== sequence) throw entryDamaged(sequence);
  return { ...record.data, leafHash: hashLeaf(leaf).toString('hex') };
}

export const hashLeaf = (leaf: string): Buffer => leafHash(Buffer.from(leaf, 'utf8'));

/** The sequence that a leaf itself claims; null when it is not a record. */
export function claimedSequence(leaf: string): number | null {
  const record = recordSchema.safeParse(parse(leaf));
  return record.success ? record.data.sequence : null;
}

export const entryDamaged = (sequence: number): FalajError =>
  new FalajError('AUDIT_DAMAGED', `Entry ${sequence} of the audit log was changed.`, {
    hint: 'Verify the log to see where the damage begins, and restore the workspace from a backup.',
    details: { sequence },
  });

const plain = (value: AuditDetails[string]): AuditDetails[string] => {
  if (typeof value === 'string') return value.toWellFormed();
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
};

function parse(leaf: string): unknown {
  try {
    return JSON.parse(leaf);
  } catch {
    return null;
  }
}

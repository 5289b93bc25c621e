import type { z } from 'zod';
import type { auditHead, auditVerification } from '../../shared/contract/audit.ts';
import type { ChangedRoom } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { appendLeaf, inclusionProof, rootOf, verifyCheckpoint } from '../../trust/merkle-log/index.ts';
import type { Store } from '../store/index.ts';
import { type AuditKeys, CheckpointTable } from './checkpoints.ts';
import { type EntryRow, EntryTable, keptLeafHash } from './entry-table.ts';
import {
  type AuditDetails,
  type AuditEntry,
  type AuditResult,
  decodeLeaf,
  encodeLeaf,
  entryDamaged,
  hashLeaf,
} from './leaf.ts';
import { HeadTable, type LogHead } from './log-head.ts';
import { compareWithCheckpoints, compareWithHead, walkLog } from './verify-log.ts';

export interface AuditAction {
  /** Room and verb, such as `data.import`. */
  readonly action: string;
  /** What it was done to, such as `data/flights`. */
  readonly object: string;
  readonly result?: AuditResult;
  readonly details?: AuditDetails;
}

export interface AuditListInput {
  /** Only entries with a lower sequence: the next page. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
  /** A whole action (`data.import`) or its room (`data`). */
  readonly action?: string | undefined;
  /** Found anywhere in an entry, in any case. */
  readonly text?: string | undefined;
}

export type AuditHead = z.infer<typeof auditHead>;
export type AuditVerification = z.infer<typeof auditVerification>;

export interface AuditLogOptions {
  readonly store: Store;
  readonly vault: AuditKeys;
  /** Who acts: the user of the operating system, or a name that a host established. */
  readonly actor: string;
  /** Wall clock, milliseconds. */
  readonly clock: () => number;
  /** Told once an entry is durable. */
  readonly notify?: (room: ChangedRoom) => void;
}

const DEFAULT_LIMIT = 200;
/** A wall clock that goes back by more than this is recorded: the times after it do not follow those before. */
const CLOCK_STEP_MS = 1000;

/**
 * The record of every change, as an append-only Merkle log (RFC 6962) in the same database and the same transaction as
 * the change. What cannot be recorded does not happen.
 */
export class AuditLog {
  readonly #store: Store;
  readonly #entries: EntryTable;
  readonly #heads: HeadTable;
  readonly #checkpoints: CheckpointTable;
  readonly #actor: string;
  readonly #clock: () => number;
  readonly #notify: ((room: ChangedRoom) => void) | null;

  constructor({ store, vault, actor, clock, notify }: AuditLogOptions) {
    this.#store = store;
    this.#entries = new EntryTable(store);
    this.#heads = new HeadTable(store, vault.deriveKey('falaj/v1/audit'));
    this.#checkpoints = new CheckpointTable(store, vault);
    this.#actor = actor;
    this.#clock = clock;
    this.#notify = notify ?? null;
  }

  /** Records an action inside the transaction that carries it out; throws outside one. */
  append(entry: AuditAction): void {
    if (!this.#store.inTransaction) {
      throw new FalajError('INTERNAL', `"${entry.action}" must be recorded in the transaction that does it.`);
    }
    const nowMs = this.#clock();
    let head = this.#heads.read();
    if (nowMs < head.lastAtMs - CLOCK_STEP_MS) {
      const details = { from: new Date(head.lastAtMs).toISOString(), to: new Date(nowMs).toISOString() };
      head = this.#add(head, nowMs, { action: 'clock.stepped-back', object: 'clock', details });
    }
    this.#heads.write(this.#add(head, nowMs, entry));
    this.#store.afterCommit(() => this.#notify?.('audit'));
  }

  list(input: AuditListInput = {}): { entries: AuditEntry[]; head: AuditHead } {
    const rows = this.#entries.search({
      before: input.before ?? Number.MAX_SAFE_INTEGER,
      action: input.action ?? null,
      text: input.text ?? null,
      limit: input.limit ?? DEFAULT_LIMIT,
    });
    return { entries: rows.map(soundEntry), head: this.head() };
  }

  head(): AuditHead {
    const { frontier } = this.#heads.read();
    return {
      size: frontier.size,
      root: rootOf(frontier).toString('hex'),
      checkpoint: this.#checkpoints.latest()?.note ?? null,
    };
  }

  /** Signs the present state. A copy kept elsewhere is what shows a rollback of the whole store. */
  checkpoint(): string {
    const { frontier } = this.#heads.read();
    return this.#checkpoints.sign(frontier.size, rootOf(frontier));
  }

  /** The key that others check our checkpoints with, in the form of the signed-note document. */
  verifierKey(): string {
    return this.#checkpoints.signer().verifierKey;
  }

  /**
   * Computes the whole log again and compares it with its nodes, its head and its checkpoints.
   * @param elsewhere checkpoints that were kept outside of this store.
   */
  verify(elsewhere: readonly string[] = []): AuditVerification {
    const verifierKey = this.verifierKey();
    const bySize = (a: string, b: string) => sizeOf(a, verifierKey) - sizeOf(b, verifierKey);
    const notes = [...this.#checkpoints.all().map((row) => row.note), ...elsewhere].sort(bySize);
    const walk = walkLog(this.#entries, new Set(notes.map((note) => sizeOf(note, verifierKey))));
    const head = this.#readableHead();
    const checkpoints = compareWithCheckpoints(walk, notes, verifierKey);
    const finding =
      walk.finding ??
      (head instanceof FalajError ? null : compareWithHead(walk, head.frontier)) ??
      checkpoints.finding;
    const reason = finding?.reason ?? (head instanceof FalajError ? head.message : null);
    const { size } = walk.frontier;
    return {
      intact: reason === null,
      size,
      root: rootOf(walk.frontier).toString('hex'),
      firstDamaged: finding?.firstDamaged ?? null,
      reason: reason ?? soundReason(size, checkpoints.kept),
      checkpointsKept: checkpoints.kept,
    };
  }

  /** An entry with its path to the root of a signed checkpoint: all that is needed to check it offline. */
  proof({ sequence }: { readonly sequence: number }): {
    entry: AuditEntry;
    leaf: string;
    proof: string[];
    head: AuditHead;
  } {
    const leaf = this.#entries.leaf(sequence);
    if (leaf === null) {
      throw new FalajError('NOT_FOUND', `The audit log has no entry ${sequence}.`, { details: { sequence } });
    }
    this.checkpoint();
    const head = this.head();
    const proof = inclusionProof(sequence, head.size, (level, position) =>
      this.#entries.node(level, position),
    );
    return {
      entry: decodeLeaf(leaf, sequence),
      leaf,
      proof: proof.map((hash) => hash.toString('hex')),
      head,
    };
  }

  /** Lets go of the key. */
  close(): void {
    this.#heads.close();
  }

  #add(head: LogHead, atMs: number, entry: AuditAction): LogHead {
    const sequence = head.frontier.size;
    const leaf = encodeLeaf({
      sequence,
      at: new Date(atMs).toISOString(),
      actor: this.#actor,
      action: entry.action,
      object: entry.object,
      result: entry.result ?? 'done',
      details: entry.details ?? {},
    });
    const { frontier, finished } = appendLeaf(head.frontier, hashLeaf(leaf));
    this.#entries.add(sequence, entry.action, leaf, finished);
    return { frontier, lastAtMs: atMs };
  }

  #readableHead(): LogHead | FalajError {
    try {
      return this.#heads.read();
    } catch (error) {
      if (error instanceof FalajError && error.code === 'AUDIT_DAMAGED') return error;
      throw error;
    }
  }
}

function soundEntry(row: EntryRow): AuditEntry {
  if (!hashLeaf(row.leaf).equals(keptLeafHash(row))) throw entryDamaged(row.sequence);
  return decodeLeaf(row.leaf, row.sequence);
}

const sizeOf = (note: string, verifierKey: string): number => verifyCheckpoint(note, verifierKey)?.size ?? 0;

const soundReason = (size: number, checkpointsKept: number): string =>
  checkpointsKept > 0
    ? `All ${size} entries fit the log and its checkpoints.`
    : `All ${size} entries fit the log. Without a checkpoint a rollback of the whole store cannot be seen.`;

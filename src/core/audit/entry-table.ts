import { HASH_BYTES, type LogNode } from '../../trust/merkle-log/index.ts';
import type { Store } from '../store/index.ts';
import { entryDamaged } from './leaf.ts';

/** An entry as it is kept: its leaf, and the nodes of the tree that it finished. */
export interface EntryRow {
  readonly sequence: number;
  readonly action: string;
  /** Hashes of the finished nodes, the leaf's first: one more than the sequence has ones at its end in binary. */
  readonly hashes: Buffer;
  readonly leaf: string;
}

export interface EntrySearch {
  readonly before: number;
  readonly limit: number;
  readonly action: string | null;
  readonly text: string | null;
}

/**
 * The entries with the nodes of their tree. A node stands in the row of the entry that finished it, so that an append writes
 * at one place, the end of this table, however high the tree is.
 */
export class EntryTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(sequence: number, action: string, leaf: string, finished: readonly LogNode[]): void {
    this.#store
      .statement('INSERT INTO audit_entry (sequence, action, hashes, leaf) VALUES (?, ?, ?, ?)')
      .run(sequence, action, Buffer.concat(finished.map((node) => node.hash)), leaf);
  }

  leaf(sequence: number): string | null {
    const row = this.#store
      .statement<{ leaf: string }>('SELECT leaf FROM audit_entry WHERE sequence = ?')
      .get(sequence);
    return row?.leaf ?? null;
  }

  /** Hash of a finished node. */
  node(level: number, position: number): Buffer {
    const row = this.#store
      .statement<Pick<EntryRow, 'hashes'>>('SELECT hashes FROM audit_entry WHERE sequence = ?')
      .get((position + 1) * 2 ** level - 1);
    const hash = row === undefined ? null : keptHash(row, level);
    if (hash?.length !== HASH_BYTES) throw entryDamaged(position * 2 ** level);
    return hash;
  }

  /** Newest first. */
  search(search: EntrySearch): EntryRow[] {
    return this.#store
      .statement<EntryRow>(
        `SELECT sequence, action, hashes, leaf FROM audit_entry
         WHERE sequence < @before
           AND (@action IS NULL OR action = @action OR substr(action, 1, length(@action) + 1) = @action || '.')
           AND (@text IS NULL OR instr(lower(leaf), lower(@text)) > 0)
         ORDER BY sequence DESC LIMIT @limit`,
      )
      .all(search);
  }

  /** Oldest first. */
  walk(): IterableIterator<EntryRow> {
    return this.#store
      .statement<EntryRow>('SELECT sequence, action, hashes, leaf FROM audit_entry ORDER BY sequence')
      .iterate();
  }
}

/** What is kept as the hash of the node that an entry finished at a level; shorter than a hash where it is missing. */
export const keptHash = ({ hashes }: Pick<EntryRow, 'hashes'>, level: number): Buffer =>
  hashes.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES);

export const keptLeafHash = (row: Pick<EntryRow, 'hashes'>): Buffer => keptHash(row, 0);

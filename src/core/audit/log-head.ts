import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { FalajError } from '../../shared/errors.ts';
import { EMPTY_FRONTIER, type Frontier, HASH_BYTES } from '../../trust/merkle-log/index.ts';
import type { Store } from '../store/index.ts';

interface HeadRow {
  readonly size: number;
  readonly frontier: Buffer;
  readonly last_at: number;
  readonly mac: Buffer;
}

export interface LogHead {
  readonly frontier: Frontier;
  /** Milliseconds of the last entry. */
  readonly lastAtMs: number;
}

const EMPTY_HEAD: LogHead = { frontier: EMPTY_FRONTIER, lastAtMs: 0 };

/** The state of the log, authenticated: entries that were cut off at the end, or added behind our back, show against it. */
export class HeadTable {
  readonly #store: Store;
  /** An object of the library, since it takes a key in bytes over anew for every MAC; null once closed. */
  #key: KeyObject | null;
  /** What was read or written last: the same bytes need no second MAC. */
  #authentic: HeadRow | null = null;

  /** Zeroes the key that it is given. */
  constructor(store: Store, key: Buffer) {
    this.#store = store;
    this.#key = createSecretKey(key);
    key.fill(0);
  }

  read(): LogHead {
    const row = this.#store
      .statement<HeadRow>('SELECT size, frontier, last_at, mac FROM audit_head WHERE id = 0')
      .get();
    if (row === undefined) {
      if (this.#store.statement('SELECT 1 FROM audit_entry LIMIT 1').get() !== undefined) throw headDamaged();
      return EMPTY_HEAD;
    }
    const frontier = decodeFrontier(row);
    if (frontier === null || !this.#isAuthentic(row)) throw headDamaged();
    this.#authentic = row;
    return { frontier, lastAtMs: row.last_at };
  }

  write({ frontier, lastAtMs }: LogHead): void {
    const hashes = Buffer.concat(frontier.hashes);
    const mac = this.#mac(frontier.size, hashes, lastAtMs);
    this.#store
      .statement(
        `INSERT INTO audit_head (id, size, frontier, last_at, mac) VALUES (0, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
         SET size = excluded.size, frontier = excluded.frontier, last_at = excluded.last_at, mac = excluded.mac`,
      )
      .run(frontier.size, hashes, lastAtMs, mac);
    this.#authentic = { size: frontier.size, frontier: hashes, last_at: lastAtMs, mac };
  }

  /** Lets go of the key. */
  close(): void {
    this.#key = null;
  }

  #isAuthentic(row: HeadRow): boolean {
    return (
      isDeepStrictEqual(row, this.#authentic) ||
      timingSafeEqual(this.#mac(row.size, row.frontier, row.last_at), row.mac)
    );
  }

  #mac(size: number, frontier: Uint8Array, lastAtMs: number): Buffer {
    if (this.#key === null)
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.', { hint: 'Unlock it first.' });
    return createHmac('sha256', this.#key)
      .update(`audit-head\n${size}\n${lastAtMs}\n`)
      .update(frontier)
      .digest();
  }
}

function decodeFrontier({ size, frontier, mac }: HeadRow): Frontier | null {
  const hashes = Array.from({ length: frontier.length / HASH_BYTES }, (_, index) =>
    frontier.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
  const isWhole = frontier.length % HASH_BYTES === 0 && mac.length === HASH_BYTES;
  return isWhole && hashes.length === setBits(size) ? { size, hashes } : null;
}

const setBits = (size: number): number => size.toString(2).replaceAll('0', '').length;

const headDamaged = (): FalajError =>
  new FalajError('AUDIT_DAMAGED', 'The head of the audit log was changed.', {
    hint: 'Nothing can be recorded, so nothing can be done. Restore the workspace from a backup.',
  });

import { createHash } from 'node:crypto';
import type { PushedRow } from './push-rows.ts';

/** Rows of a view that have one digest, and are put together in columns at once. */
export const BLOCK_ROWS = 65_536;

/** SHA-256 over rows as they were pushed, each after its length, and their columns wherever these change. */
export class BlockDigest {
  readonly #hash = createHash('sha256');
  #layout: PushedRow['layout'] | null = null;

  add({ layout, row }: PushedRow): void {
    if (layout !== this.#layout) this.#hash.update(JSON.stringify(layout.columns));
    this.#layout = layout;
    const length = Buffer.alloc(4);
    length.writeUInt32LE(row.length);
    this.#hash.update(length).update(row);
  }

  finish(): Buffer {
    return this.#hash.digest();
  }
}

/** Of a view's rows, by the digests of its blocks, of which the last may have fewer rows than the others. */
export function digestOfBlocks(blocks: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const block of blocks) hash.update(block);
  return hash.digest('hex');
}

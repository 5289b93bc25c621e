import { giveBack } from '../../../shared/give-back.ts';

/** A stretch of a content in the pieces that it was opened in: most of what is taken of it needs no copy. */
export class ContentPieces {
  readonly #pieces: readonly Buffer[];
  /** Where each piece begins in the content. */
  readonly #offsets: readonly number[];

  /** @param first where the first piece begins; the others follow on each other. */
  constructor(first: number, pieces: readonly Buffer[]) {
    this.#pieces = pieces;
    const offsets: number[] = [];
    let offset = first;
    for (const { length } of pieces) {
      offsets.push(offset);
      offset += length;
    }
    this.#offsets = offsets;
  }

  /** Bytes of the content that lie in these pieces; copied only where they lie in several. */
  bytes(offset: number, length: number): Buffer {
    const parts: Buffer[] = [];
    for (const [index, piece] of this.#pieces.entries()) {
      const start = Math.max(0, offset - this.#offsets[index]!);
      const end = Math.min(piece.length, offset + length - this.#offsets[index]!);
      if (start < end) parts.push(piece.subarray(start, end));
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Lets go of the pieces; what was taken of them is gone with them. */
  giveBack(): void {
    for (const piece of this.#pieces) giveBack(piece);
  }
}

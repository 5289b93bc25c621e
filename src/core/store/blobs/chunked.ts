/** A piece of a stream that has been cut into equal chunks; the last may be shorter (and is empty for an empty stream). */
export interface CutChunk {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

/**
 * Cuts a stream of pieces of any size into chunks of `chunkBytes`. Whole chunks inside one large piece are passed on
 * without copying; a chunk is only valid until the next one is asked for.
 */
export async function* cutIntoChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<CutChunk> {
  const gathered = Buffer.allocUnsafe(chunkBytes);
  let filled = 0;
  for await (const piece of source) {
    let start = 0;
    while (start < piece.length) {
      // A full chunk leaves only once more content is known to follow: only then is it known not to be the last.
      if (filled === chunkBytes) {
        yield { bytes: gathered, isLast: false };
        filled = 0;
      }
      while (filled === 0 && piece.length - start > chunkBytes) {
        yield { bytes: piece.subarray(start, start + chunkBytes), isLast: false };
        start += chunkBytes;
      }
      const taken = Math.min(chunkBytes - filled, piece.length - start);
      gathered.set(piece.subarray(start, start + taken), filled);
      filled += taken;
      start += taken;
    }
  }
  yield { bytes: gathered.subarray(0, filled), isLast: true };
}

import { ChunkCipher } from './chunk-cipher.ts';
import { decodeHeader } from './header.ts';
import { chunkSpan, layoutOfContent, layoutOfStored, type SealedLayout } from './layout.ts';
import { SealedFileError } from './sealed-file-error.ts';

/** What the caller's own record says about the file. */
export interface SealedExpectation {
  readonly fileId: Uint8Array;
  readonly fileVersion: number;
  /** Known length of the content; without it only the last chunk proves the end. */
  readonly contentBytes?: number;
}

/** How many other places a refused chunk is tried at, to say whether it was moved. Bounds the work on a hostile file. */
const DIAGNOSED_PLACES = 64;

/** Opens chunks of a sealed file in any order. Only authenticated bytes are ever returned. */
export class SealedReader {
  readonly layout: SealedLayout;
  readonly chunkBytes: number;
  readonly #cipher: ChunkCipher;

  /** @param headerBytes the first 80 bytes of the file. @param storedBytes the length of the whole file. */
  constructor(
    dataKey: Uint8Array,
    headerBytes: Uint8Array,
    storedBytes: number,
    expected: SealedExpectation,
  ) {
    const header = decodeHeader(headerBytes, dataKey, expected);
    this.chunkBytes = header.chunkBytes;
    this.#cipher = new ChunkCipher(dataKey, header, headerBytes);
    if (expected.contentBytes === undefined) {
      this.layout = layoutOfStored(storedBytes, header.chunkBytes);
      return;
    }
    this.layout = layoutOfContent(expected.contentBytes, header.chunkBytes);
    if (storedBytes < this.layout.storedBytes) throw new SealedFileError('CUT_SHORT', storedBytes);
    if (storedBytes > this.layout.storedBytes)
      throw new SealedFileError('TRAILING_BYTES', this.layout.storedBytes);
  }

  /** Offset and length of the sealed chunk in the file. */
  span(index: number): { offset: number; length: number } {
    return chunkSpan(index, this.layout, this.chunkBytes);
  }

  open(index: number, sealed: Uint8Array): Buffer {
    const isLast = index === this.layout.chunks - 1;
    const plaintext = this.#cipher.open(index, isLast, sealed);
    if (plaintext === null) throw this.#diagnose(index, isLast, sealed);
    return plaintext;
  }

  #diagnose(index: number, isLast: boolean, sealed: Uint8Array): SealedFileError {
    const { offset } = this.span(index);
    if (isLast && this.#cipher.open(index, false, sealed))
      return new SealedFileError('LAST_CHUNK_MISSING', offset);
    if (!isLast && this.#cipher.open(index, true, sealed))
      return new SealedFileError('TRAILING_BYTES', offset + sealed.length);
    const { chunks } = this.layout;
    for (let place = 0; place < Math.min(chunks, DIAGNOSED_PLACES); place++) {
      const moved = this.#cipher.open(place, false, sealed) ?? this.#cipher.open(place, true, sealed);
      if (moved !== null && place !== index) return new SealedFileError('CHUNK_MOVED', offset);
    }
    return new SealedFileError('CHUNK_CHANGED', offset);
  }
}

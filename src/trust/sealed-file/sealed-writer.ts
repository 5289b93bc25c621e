import { ChunkCipher } from './chunk-cipher.ts';
import { encodeHeader, type SealedHeader } from './header.ts';

/** Seals a stream chunk by chunk. The caller cuts the content into chunks of `chunkBytes` and says which is the last. */
export class SealedWriter {
  readonly headerBytes: Buffer;
  readonly chunkBytes: number;
  readonly #cipher: ChunkCipher;
  #index = 0;
  #ended = false;

  constructor(dataKey: Uint8Array, header: SealedHeader) {
    this.headerBytes = encodeHeader(header, dataKey);
    this.chunkBytes = header.chunkBytes;
    this.#cipher = new ChunkCipher(dataKey, header, this.headerBytes);
  }

  next(plaintext: Uint8Array, isLast: boolean): readonly Buffer[] {
    const fits = isLast
      ? plaintext.length <= this.chunkBytes && (plaintext.length > 0 || this.#index === 0)
      : plaintext.length === this.chunkBytes;
    if (this.#ended || !fits)
      throw new RangeError('Only the last chunk of a sealed file may be short, and nothing follows it.');
    this.#ended = isLast;
    return this.#cipher.seal(this.#index++, isLast, plaintext);
  }
}

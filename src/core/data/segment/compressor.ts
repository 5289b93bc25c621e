import { once } from 'node:events';
import zlib from 'node:zlib';

const LEVEL = { [zlib.constants.ZSTD_c_compressionLevel]: 1 };
const OUTPUT_BYTES = 262_144;
/** Compressing pays when it saves at least a tenth. */
const WORTHWHILE = 0.9;
const SMALL_BYTES = 128;

/**
 * Compresses buffers one after the other, each into a zstd frame of its own, away from the main thread. All share one
 * compression context: making one for every buffer would cost more than the compression.
 */
export class Compressor {
  readonly #stream = zlib.createZstdCompress({ params: LEVEL, chunkSize: OUTPUT_BYTES });
  /** Rejects when the stream fails or is closed. */
  readonly #gone: Promise<never>;
  #parts: Buffer[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#stream.on('data', (part: Buffer) => this.#parts.push(part));
    this.#gone = once(this.#stream, 'close').then(() => {
      throw new Error('The compressor was closed.');
    });
    // Nobody may be waiting at that time.
    this.#gone.catch(() => undefined);
  }

  /** The frame, or the bytes themselves when compressing does not pay. */
  pack(bytes: Uint8Array): Promise<Uint8Array> {
    if (bytes.length < SMALL_BYTES) return Promise.resolve(bytes);
    const frame = this.#last.then(() => this.#frame(bytes));
    // The next one waits for this one; whoever asked for it is told when it fails.
    this.#last = frame.catch(() => undefined);
    return frame.then((packed) => (packed.length < bytes.length * WORTHWHILE ? packed : bytes));
  }

  close(): void {
    this.#stream.destroy();
  }

  async #frame(bytes: Uint8Array): Promise<Uint8Array> {
    this.#stream.write(bytes);
    const ended = new Promise<void>((resolve) => this.#stream.flush(zlib.constants.ZSTD_e_end, resolve));
    await Promise.race([ended, this.#gone]);
    const parts = this.#parts;
    this.#parts = [];
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}

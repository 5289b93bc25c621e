import type { Readable } from 'node:stream';
import { FalajError } from '../../../shared/errors.ts';
import { giveBack } from '../../../shared/give-back.ts';
import { type FrameHead, frameHead } from './frame-head.ts';
import { HEAD_BYTES } from './frames.ts';

const MAX_JSON_BYTES = 64 * 1024 * 1024;
const MAX_PAYLOAD_BYTES = 2 ** 31 - 1;

export interface Frame {
  readonly head: FrameHead;
  /** Starts at the first byte of its buffer. Valid until the next frame is asked for. */
  readonly payload: Uint8Array;
}

/** The frames of a stream, in order; its memory is given back once it is read. Throws CHILD_FAILED on bytes that are no frame. */
export async function* readFrames(stream: Readable): AsyncGenerator<Frame> {
  const source = new ExactReader(stream);
  for (;;) {
    const head = await source.exactly(HEAD_BYTES);
    if (head === null) return;
    const view = new DataView(head.buffer, head.byteOffset, HEAD_BYTES);
    const jsonBytes = view.getUint32(0, true);
    const payloadBytes = view.getUint32(4, true);
    if (jsonBytes > MAX_JSON_BYTES || payloadBytes > MAX_PAYLOAD_BYTES) throw brokenStream();
    const json = await source.exactly(jsonBytes);
    if (json === null) throw brokenStream();
    const parsed = parseHead(json);
    const payload = await source.exactly(payloadBytes);
    if (payload === null) throw brokenStream();
    yield { head: parsed, payload };
  }
}

function parseHead(json: Uint8Array): FrameHead {
  try {
    return frameHead.parse(JSON.parse(new TextDecoder().decode(json)));
  } catch (error) {
    throw brokenStream(error);
  }
}

const brokenStream = (cause?: unknown): FalajError =>
  new FalajError('CHILD_FAILED', 'The process that reads files answered with something unreadable.', {
    hint: 'The file may be damaged. Try it again, or convert it to another format.',
    cause,
  });

/** Reads an exact number of bytes at a time, into memory that the next reading overwrites. */
class ExactReader {
  readonly #iterator: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  /** How much of the chunk is read. */
  #read = 0;
  #memory = new Uint8Array(65_536);

  constructor(stream: Readable) {
    this.#iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Null when the stream ends before the first byte; a stream that ends in the middle throws. */
  async exactly(length: number): Promise<Uint8Array | null> {
    if (this.#memory.length < length) this.#memory = new Uint8Array(length);
    const out = this.#memory.subarray(0, length);
    let filled = 0;
    while (filled < length) {
      if (this.#read === this.#chunk.length) {
        this.#letGo();
        const next = await this.#iterator.next();
        if (next.done === true) {
          if (filled === 0) return null;
          throw brokenStream();
        }
        this.#chunk = next.value;
      }
      const taken = Math.min(length - filled, this.#chunk.length - this.#read);
      out.set(this.#chunk.subarray(this.#read, this.#read + taken), filled);
      this.#read += taken;
      filled += taken;
    }
    return out;
  }

  #letGo(): void {
    giveBack(this.#chunk);
    this.#chunk = Buffer.alloc(0);
    this.#read = 0;
  }
}

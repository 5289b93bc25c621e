/** Bytes that one answer may carry: what lies in memory on both sides of the channel. */
export const MAX_RANGE_BYTES = 8 * 1024 * 1024;

/** What the child asks of the engine, which alone may use a network. */
export interface RangeRequest {
  readonly kind: 'range';
  readonly id: number;
  readonly file: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface RangeAnswer {
  readonly kind: 'bytes';
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** A file whose bytes come in ranges over the child's message channel. */
export class RemoteFile {
  readonly sizeBytes: number;
  readonly #file: number;
  readonly #ask: (range: Omit<RangeRequest, 'kind' | 'id'>) => Promise<Uint8Array>;

  constructor(
    file: number,
    sizeBytes: number,
    ask: (range: Omit<RangeRequest, 'kind' | 'id'>) => Promise<Uint8Array>,
  ) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#ask = ask;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    // What the file says of itself may lead anywhere.
    if (!(start >= 0 && start <= end && end <= this.sizeBytes)) throw new RangeError('Outside of the file.');
    const out = new Uint8Array(end - start);
    for (let at = start; at < end; at += MAX_RANGE_BYTES) {
      const to = Math.min(end, at + MAX_RANGE_BYTES);
      out.set(await this.#ask({ file: this.#file, start: at, end: to }), at - start);
    }
    return out;
  }

  /** All of it in order, the next block being fetched while one is taken. */
  async *blocks(): AsyncGenerator<Uint8Array> {
    const block = (at: number): Promise<Uint8Array> | null => {
      if (at >= this.sizeBytes) return null;
      const next = this.read(at, Math.min(this.sizeBytes, at + MAX_RANGE_BYTES));
      next.catch(() => undefined);
      return next;
    };
    let ahead = block(0);
    for (let at = MAX_RANGE_BYTES; ahead !== null; at += MAX_RANGE_BYTES) {
      const bytes = await ahead;
      ahead = block(at);
      yield bytes;
    }
  }
}

/** The asking end of the channel: answers find their questions by number. */
export class RangeChannel {
  readonly #waiting = new Map<number, (bytes: Uint8Array) => void>();
  readonly #send: (request: RangeRequest) => void;
  #next = 0;

  constructor(send: (request: RangeRequest) => void) {
    this.#send = send;
  }

  /** An answer that never comes needs no end here: without its answers the child is ended. */
  readonly ask = (range: Omit<RangeRequest, 'kind' | 'id'>): Promise<Uint8Array> =>
    new Promise((resolve) => {
      const id = this.#next++;
      this.#waiting.set(id, resolve);
      this.#send({ kind: 'range', id, ...range });
    });

  take({ id, bytes }: RangeAnswer): void {
    this.#waiting.get(id)?.(bytes);
    this.#waiting.delete(id);
  }
}

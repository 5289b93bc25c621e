import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { FalajError } from '../../../shared/errors.ts';
import type { BlobStore, StagedBlob } from '../../store/index.ts';

export interface UploadLimits {
  /** Of one upload. */
  readonly sizeBytes: number;
  /** That are under way or wait to be used. */
  readonly uploads: number;
  /** After how long without a piece, or without being used, an upload is given up. */
  readonly idleMs: number;
}

export const UPLOAD_LIMITS: UploadLimits = { sizeBytes: 64 * 2 ** 30, uploads: 8, idleMs: 3_600_000 };

/** What was uploaded, to be read in ranges. */
export interface UploadedContent {
  readonly sizeBytes: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

interface Upload {
  readonly pieces: PassThrough;
  readonly sealed: Promise<StagedBlob>;
  readonly stop: AbortController;
  sizeBytes: number;
  idle: NodeJS.Timeout;
}

/**
 * Content that a caller sends piece by piece because it is in no file. It is sealed as it arrives, so that none of it is ever
 * on disk in the clear, and goes once it was used, given up or forgotten; what a killed process leaves, the sweep removes.
 */
export class Uploads {
  readonly #blobs: BlobStore;
  readonly #limits: UploadLimits;
  readonly #uploads = new Map<string, Upload>();

  constructor(blobs: BlobStore, limits: UploadLimits = UPLOAD_LIMITS) {
    this.#blobs = blobs;
    this.#limits = limits;
  }

  begin(): { upload: string } {
    if (this.#uploads.size >= this.#limits.uploads) {
      throw new FalajError('CONFLICT', `There are already ${this.#uploads.size} uploads under way.`, {
        hint: 'Wait until one of them has ended, or give one up.',
      });
    }
    const id = randomUUID();
    const pieces = new PassThrough();
    const stop = new AbortController();
    const sealed = this.#blobs.write(pieces, { signal: stop.signal });
    // Told to whoever sends the next piece or uses it; nobody may be waiting just now.
    sealed.catch((error: unknown) => pieces.destroy(error instanceof Error ? error : undefined));
    pieces.on('error', () => undefined);
    this.#uploads.set(id, { pieces, sealed, stop, sizeBytes: 0, idle: this.#forgetLater(id) });
    return { upload: id };
  }

  /** Takes the next piece, in base64; ends once there is room for another. */
  async add(input: { upload: string; bytes: string }): Promise<{ sizeBytes: number }> {
    const upload = this.#get(input.upload);
    const piece = Buffer.from(input.bytes, 'base64');
    if (piece.toString('base64') !== input.bytes)
      throw new FalajError('BAD_INPUT', 'bytes: This is not base64.', { details: { field: 'bytes' } });
    if (upload.sizeBytes + piece.byteLength > this.#limits.sizeBytes) {
      await this.discard(input);
      throw new FalajError('TOO_LARGE', `An upload has at most ${this.#limits.sizeBytes} bytes.`, {
        hint: 'Hand it over as a file, or in parts.',
        details: { limitBytes: this.#limits.sizeBytes },
      });
    }
    clearTimeout(upload.idle);
    upload.idle = this.#forgetLater(input.upload);
    upload.sizeBytes += piece.byteLength;
    await new Promise<void>((resolve, reject) =>
      upload.pieces.write(piece, (error) => (error ? reject(error) : resolve())),
    );
    return { sizeBytes: upload.sizeBytes };
  }

  /** Ends the upload and hands its content to `work`; afterwards nothing is left of it, however the work ends. */
  async use<Result>(id: string, work: (content: UploadedContent) => Promise<Result>): Promise<Result> {
    const { pieces, sealed, idle } = this.#get(id);
    clearTimeout(idle);
    this.#uploads.delete(id);
    pieces.end();
    const staged = await sealed;
    try {
      return await work({
        sizeBytes: staged.sizeBytes,
        read: (start, end) => this.#blobs.readRange(staged.id, start, end - start),
      });
    } finally {
      this.#blobs.discard(staged);
    }
  }

  async discard(input: { upload: string }): Promise<{ removed: true }> {
    await this.#giveUp(input.upload, this.#get(input.upload));
    return { removed: true };
  }

  /** Gives up all that is there. */
  async close(): Promise<void> {
    await Promise.all([...this.#uploads].map(([id, upload]) => this.#giveUp(id, upload)));
  }

  /** Ends once nothing is left on disk. */
  #giveUp(id: string, { pieces, sealed, stop, idle }: Upload): Promise<void> {
    clearTimeout(idle);
    this.#uploads.delete(id);
    stop.abort();
    pieces.destroy(new FalajError('CANCELLED', 'The upload was given up.'));
    return sealed.then(
      (staged) => this.#blobs.discard(staged),
      () => undefined, // nothing was kept
    );
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload !== undefined) return upload;
    throw new FalajError('NOT_FOUND', 'There is no such upload.', {
      hint: 'It was used or given up: send the data again.',
      details: { upload: id },
    });
  }

  #forgetLater(id: string): NodeJS.Timeout {
    const idle = setTimeout(() => {
      const upload = this.#uploads.get(id);
      if (upload !== undefined) void this.#giveUp(id, upload);
    }, this.#limits.idleMs);
    return idle.unref();
  }
}

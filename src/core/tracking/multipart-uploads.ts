import { randomBytes } from 'node:crypto';
import { FalajError } from '../../shared/errors.ts';
import type { BlobStore, StagedBlob } from '../store/index.ts';
import { type ArtifactFiles, type ArtifactOwner, requireArtifactPath } from './artifact-files.ts';

export interface MultipartLimits {
  /** Of one upload. */
  readonly parts: number;
  readonly partBytes: number;
  /** Of all parts that wait to become a file. */
  readonly waitingBytes: number;
  /** That are under way. */
  readonly uploads: number;
  /** After how long without a part an upload is given up. */
  readonly idleMs: number;
}

/** What S3 allows of a part and of their number; the rest keeps one client from filling the disk. */
export const MULTIPART_LIMITS: MultipartLimits = {
  parts: 10_000,
  partBytes: 5 * 2 ** 30,
  waitingBytes: 256 * 2 ** 30,
  uploads: 64,
  idleMs: 3_600_000,
};

/** A part as whoever sent it knows it: its number, from 1, and the SHA-256 that it was answered with. */
export interface SentPart {
  readonly number: number;
  readonly digest: string;
}

interface Upload {
  readonly owner: ArtifactOwner;
  readonly path: string;
  readonly count: number;
  readonly parts: Map<number, StagedBlob>;
  readonly stop: AbortController;
  /** Parts that are on their way in. */
  writing: number;
  /** Set while the parts become a file, and once they have. */
  completing: Promise<void> | null;
  idle: NodeJS.Timeout;
}

/**
 * Artifacts that arrive in parts, in any order and side by side. Parts are sealed as they arrive and belong to nothing until all
 * are there; what is given up or forgotten goes at once, what a killed process leaves, the sweep removes.
 */
export class MultipartUploads {
  readonly #blobs: BlobStore;
  readonly #files: ArtifactFiles;
  readonly #limits: MultipartLimits;
  readonly #uploads = new Map<string, Upload>();
  #waitingBytes = 0;

  constructor(parts: { blobs: BlobStore; files: ArtifactFiles }, limits: MultipartLimits = MULTIPART_LIMITS) {
    this.#blobs = parts.blobs;
    this.#files = parts.files;
    this.#limits = limits;
  }

  begin(owner: ArtifactOwner, path: string, count: number): { upload: string } {
    requireArtifactPath(path);
    if (count > this.#limits.parts)
      throw new FalajError('TOO_LARGE', `An upload has at most ${this.#limits.parts} parts, not ${count}.`, {
        hint: 'Make them larger: MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE.',
      });
    const underWay = [...this.#uploads.values()].filter((each) => each.completing === null).length;
    if (underWay >= this.#limits.uploads)
      throw new FalajError('CONFLICT', `There are already ${underWay} uploads under way.`, {
        hint: 'Wait until one of them has ended, or give one up.',
      });
    const id = randomBytes(16).toString('hex');
    this.#uploads.set(id, {
      owner,
      path,
      count,
      parts: new Map(),
      stop: new AbortController(),
      writing: 0,
      completing: null,
      idle: this.#forgetLater(id),
    });
    return { upload: id };
  }

  /** Takes a part; the same number again replaces it. Answers with its SHA-256. */
  async put(id: string, number: number, content: AsyncIterable<Uint8Array>): Promise<string> {
    const upload = this.#get(id);
    if (upload.completing !== null)
      throw new FalajError('CONFLICT', 'All parts of this upload are there already.');
    if (number < 1 || number > upload.count)
      throw new FalajError(
        'BAD_INPUT',
        `This upload has parts 1 to ${upload.count}; there is no part ${number}.`,
      );
    upload.writing++;
    try {
      const staged = await this.#write(content, upload.stop.signal);
      if (this.#uploads.get(id) !== upload || upload.completing !== null) {
        this.#drop(staged);
        throw gone();
      }
      const before = upload.parts.get(number);
      if (before !== undefined) this.#drop(before);
      upload.parts.set(number, staged);
      this.#touch(id, upload);
      return staged.sha256;
    } finally {
      upload.writing--;
    }
  }

  /**
   * Makes the file of the parts that the sender names, which must be all, as they arrived. Clients ask again when an answer is
   * long in coming: whoever does waits for the same work, and hears that it is done when it is.
   */
  complete(id: string, owner: ArtifactOwner, path: string, sent: readonly SentPart[]): Promise<void> {
    const upload = this.#get(id);
    if (upload.owner.kind !== owner.kind || upload.owner.id !== owner.id || upload.path !== path)
      throw new FalajError('BAD_INPUT', `This upload is not of ${path}.`);
    if (upload.completing !== null) return upload.completing;
    const parts = Array.from({ length: upload.count }, (_, index) => upload.parts.get(index + 1));
    const misfit = parts.findIndex(
      (part, index) =>
        part === undefined || sent[index]?.number !== index + 1 || sent[index].digest !== part.sha256,
    );
    if (misfit >= 0 || sent.length !== parts.length)
      throw new FalajError(
        'BAD_INPUT',
        `Part ${misfit < 0 ? parts.length + 1 : misfit + 1} is not as it arrived.`,
        {
          hint: 'Send the file again.',
        },
      );
    upload.completing = this.#assemble(upload, parts as readonly StagedBlob[]).then(
      () => this.#dropParts(upload),
      (error: unknown) => {
        upload.completing = null; // the parts are still there, for another try
        throw error;
      },
    );
    return upload.completing;
  }

  /** Gives an upload up; one that there is not, or that is a file already, is left as it is. */
  abort(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload !== undefined) this.#giveUp(id, upload);
  }

  /** Gives up all that is there. */
  async close(): Promise<void> {
    const completing = [...this.#uploads.values()].map((upload) => upload.completing);
    for (const [id, upload] of this.#uploads) this.#giveUp(id, upload);
    await Promise.allSettled(completing);
  }

  async #assemble({ owner, path, stop }: Upload, parts: readonly StagedBlob[]): Promise<void> {
    const blobs = this.#blobs;
    const content = async function* (): AsyncGenerator<Buffer> {
      for (const { id } of parts) yield* blobs.read(id, { signal: stop.signal });
    };
    await this.#files.put(owner, path, content(), stop.signal);
  }

  /** Seals a part within the bounds. Its bytes count as waiting from when they arrive until they are dropped. */
  async #write(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<StagedBlob> {
    const { partBytes, waitingBytes } = this.#limits;
    let bytes = 0;
    const count = (chunk: Uint8Array): void => {
      signal.throwIfAborted(); // a slow sender fills the next sealed chunk long after an upload was given up
      bytes += chunk.length;
      this.#waitingBytes += chunk.length;
      if (bytes > partBytes) throw new FalajError('TOO_LARGE', `A part has at most ${partBytes} bytes.`);
      if (this.#waitingBytes > waitingBytes)
        throw new FalajError(
          'TOO_LARGE',
          `More than ${waitingBytes} bytes of unfinished uploads are waiting.`,
          {
            hint: 'Wait until others have ended, or send the file in one stream.',
          },
        );
    };
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        count(chunk);
        yield chunk;
      }
    };
    try {
      return await this.#blobs.write(counted(), { signal });
    } catch (error) {
      this.#waitingBytes -= bytes;
      throw error;
    }
  }

  #drop(staged: StagedBlob): void {
    this.#waitingBytes -= staged.sizeBytes;
    this.#blobs.discard(staged);
  }

  #dropParts(upload: Upload): void {
    for (const staged of upload.parts.values()) this.#drop(staged);
    upload.parts.clear();
  }

  #giveUp(id: string, upload: Upload): void {
    clearTimeout(upload.idle);
    this.#uploads.delete(id);
    upload.stop.abort();
    this.#dropParts(upload);
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw gone();
    return upload;
  }

  #touch(id: string, upload: Upload): void {
    clearTimeout(upload.idle);
    upload.idle = this.#forgetLater(id);
  }

  #forgetLater(id: string): NodeJS.Timeout {
    const idle = setTimeout(() => {
      const upload = this.#uploads.get(id);
      if (upload === undefined) return;
      const isBusy = upload.writing > 0 || (upload.completing !== null && upload.parts.size > 0);
      if (isBusy) this.#touch(id, upload);
      else this.#giveUp(id, upload);
    }, this.#limits.idleMs);
    return idle.unref();
  }
}

const gone = (): FalajError =>
  new FalajError('NOT_FOUND', 'There is no such upload.', {
    hint: 'It was given up, or the engine was started anew: send the file again.',
  });

import type { BlobStore, StagedBlob } from '../../store/index.ts';

/** The blobs that an import has written and may still give up. */
export class Staging {
  readonly #blobs: BlobStore;
  readonly #written: StagedBlob[] = [];

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  add(staged: StagedBlob): StagedBlob {
    this.#written.push(staged);
    return staged;
  }

  /** Makes a version an owner of a blob, written now or kept before; in a transaction. */
  own(blobId: string, owner: string): void {
    const staged = this.#written.find(({ id }) => id === blobId);
    if (staged === undefined) this.#blobs.share(blobId, owner);
    else this.#blobs.adopt(staged, owner);
  }

  /** Gives up what no version owns. */
  discard(): void {
    for (const staged of this.#written) this.#blobs.discard(staged);
  }
}

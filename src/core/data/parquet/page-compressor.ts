import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Values that shrink by less are kept as they are: reading them back costs nothing. */
const WORTH_COMPRESSING = 0.8;
/** Pages after one that did not shrink that are not tried. */
const SKIPPED_PAGES = 7;

/** Compresses the pages of one column, on another thread, as long as that pays. */
export class PageCompressor {
  #skip = 0;

  /** The compressed bytes, or null when the page stays as it is. */
  async pack(bytes: Uint8Array): Promise<Uint8Array | null> {
    if (this.#skip > 0) {
      this.#skip--;
      return null;
    }
    const packed = await compress(bytes, fast);
    if (packed.length < bytes.length * WORTH_COMPRESSING) return packed;
    this.#skip = SKIPPED_PAGES;
    return null;
  }
}

export const compressDictionary = (bytes: Uint8Array): Promise<Uint8Array> => compress(bytes, fast);

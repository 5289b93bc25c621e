import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync } from 'node:zlib';

const compressElsewhere = promisify(zstdCompress);
const FAST = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    // Left to itself the level looks for longer repeats the more bytes there are, and finds none in doubles of few digits.
    [constants.ZSTD_c_minMatch]: 5,
  },
};

/**
 * Values that shrink by less are kept as they are: compressing takes some five times as long as writing what it spares, and
 * longest for numbers with little pattern, which come to half.
 */
const WORTH_COMPRESSING = 0.4;
/** Enough to tell whether the rest of a page will shrink. */
const SAMPLE_BYTES = 16_384;

/** The compressed bytes, or null when the page stays as it is; on a thread of libuv. */
export async function packPage(bytes: Uint8Array): Promise<Uint8Array | null> {
  if (bytes.length > 2 * SAMPLE_BYTES && !isWorth(await compressDictionary(sampleOf(bytes)), SAMPLE_BYTES))
    return null;
  const packed = await compressDictionary(bytes);
  return isWorth(packed, bytes.length) ? packed : null;
}

/** The same on this thread. */
export function packPageHere(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length > 2 * SAMPLE_BYTES && !isWorth(zstdCompressSync(sampleOf(bytes), FAST), SAMPLE_BYTES))
    return null;
  const packed = zstdCompressSync(bytes, FAST);
  return isWorth(packed, bytes.length) ? packed : null;
}

export const compressDictionary = (bytes: Uint8Array): Promise<Uint8Array> => compressElsewhere(bytes, FAST);

const isWorth = (packed: Uint8Array, plainBytes: number): boolean =>
  packed.length < plainBytes * WORTH_COMPRESSING;

/** From the middle: the first values of a table are often unlike the rest. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const start = Math.floor((bytes.length - SAMPLE_BYTES) / 2);
  return bytes.subarray(start, start + SAMPLE_BYTES);
}

import { FalajError } from '../../shared/errors.ts';
import { formatBytes } from '../../shared/units.ts';

/** Share of the machine's memory that one matrix may take: learners need some of their own beside it. */
const MOST_SHARE = 0.6;

/** So many zeros that threads share. */
export const sharedFloats = (length: number): Float32Array<SharedArrayBuffer> =>
  new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));

/**
 * Memory for a matrix, zero everywhere.
 *
 * @param widths columns by feature
 * @param totalBytes of the machine's memory
 * @throws OUT_OF_MEMORY, naming the feature that takes most columns, where it would not leave the machine room to work.
 */
export function sharedMatrix(
  rows: number,
  widths: ReadonlyMap<string, number>,
  totalBytes: number,
): Float32Array<SharedArrayBuffer> {
  const width = [...widths.values()].reduce((sum, own) => sum + own, 0);
  const needed = rows * width * Float32Array.BYTES_PER_ELEMENT;
  const tooLarge = (cause?: unknown): FalajError => {
    const [widest, columns] = [...widths].reduce((most, one) => (one[1] > most[1] ? one : most));
    return new FalajError(
      'OUT_OF_MEMORY',
      `${rows} rows of ${width} columns need ${formatBytes(needed)}, more than this machine can spare.`,
      {
        hint: `Use fewer rows, or fewer columns for ${widest}, which takes ${columns}.`,
        details: { rows, columns: width, neededBytes: needed },
        cause,
      },
    );
  };
  if (needed > totalBytes * MOST_SHARE) throw tooLarge();
  try {
    return sharedFloats(rows * width);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(error);
    throw error;
  }
}

import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { FalajError } from '../../../shared/errors.ts';

const compress = promisify(zlib.zstdCompress);
const decompress = promisify(zlib.zstdDecompress);

/** One byte per row of a part: 1 where a later row has corrected it. */
export type SupersededMask = Uint8Array;

/** Few rows are corrected, so a byte per row packs to next to nothing. */
export const packMask = (mask: SupersededMask): Promise<Buffer> => compress(mask);

export async function unpackMask(packed: Uint8Array, rows: number): Promise<SupersededMask> {
  const mask = await decompress(packed, { maxOutputLength: Math.max(1, rows) }).catch((cause: unknown) => {
    throw damaged(cause);
  });
  if (mask.length !== rows) throw damaged(null);
  return mask;
}

const damaged = (cause: unknown): FalajError =>
  new FalajError('BLOB_DAMAGED', 'The record of which rows of the dataset were corrected is damaged.', {
    hint: 'Restore a backup of the workspace.',
    cause,
  });

/** The rows that are current, ascending, from the n-th one on. */
export function currentRows(mask: SupersededMask, first = 0, count = mask.length): Uint32Array {
  const rows = new Uint32Array(Math.max(0, Math.min(count, mask.length)));
  let seen = 0;
  let taken = 0;
  for (let row = 0; row < mask.length && taken < rows.length; row++) {
    if (mask[row] !== 0) continue;
    if (seen++ >= first) rows[taken++] = row;
  }
  return rows.subarray(0, taken);
}

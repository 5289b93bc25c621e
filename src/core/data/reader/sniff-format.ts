import { FalajError } from '../../../shared/errors.ts';
import type { TableFormat } from './foreign-file.ts';

/** Enough for the longest header line that is worth judging. */
export const SNIFFED_BYTES = 65_536;

const ZIP = [
  { mark: [0x1f, 0x8b], name: 'gzip' },
  { mark: [0x28, 0xb5, 0x2f, 0xfd], name: 'Zstandard' },
  { mark: [0x50, 0x4b, 0x03, 0x04], name: 'zip' },
];
const ARROW_MESSAGE = [0xff, 0xff, 0xff, 0xff];

/** What content without a name is, by its first bytes. Throws UNSUPPORTED_FORMAT when they say nothing. */
export function sniffFormat(head: Uint8Array, source: string): TableFormat {
  const starts = (mark: readonly number[]): boolean => mark.every((byte, at) => head[at] === byte);
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('utf8');
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('ARROW1') || starts(ARROW_MESSAGE)) return 'arrow';
  const packed = ZIP.find(({ mark }) => starts(mark));
  if (packed !== undefined) {
    throw new FalajError('UNSUPPORTED_FORMAT', `What came from ${source} is packed (${packed.name}).`, {
      hint: 'Unpack it on the way, for example with `zcat FILE | falaj data import - …`.',
    });
  }
  if (head.includes(0)) {
    throw new FalajError('UNSUPPORTED_FORMAT', `What came from ${source} is no table that is known.`, {
      hint: 'Known are csv, tsv, parquet, ndjson and arrow; say which with --format.',
    });
  }
  const [first = ''] = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .split('\n', 1);
  if (first.startsWith('{')) return 'ndjson';
  return first.split('\t').length > first.split(',').length ? 'tsv' : 'csv';
}

import type { DatabaseSelection } from './database-selection.ts';
import type { TableFormat } from './foreign-file.ts';
import type { FrameHead } from './frame-head.ts';

/**
 * The child's half of the protocol: it is asked over its message channel and answers on its standard output in frames of an
 * 8-byte head (JSON length, payload length: uint32 little-endian), JSON, payload. No schema library is loaded here, for that
 * would double the time to the first row.
 */
export type DatabaseFormat = 'sqlite' | 'duckdb';

export interface ReadRequest {
  readonly files: readonly string[];
  /** Files that the engine reads for the child, in ranges; then there are no paths. */
  readonly remote: readonly { readonly name: string; readonly sizeBytes: number }[] | null;
  /** The bytes come on standard input, and there are no files. */
  readonly piped: boolean;
  readonly format: TableFormat | DatabaseFormat;
  /** What to read of a database; null for files of one table. */
  readonly selection: DatabaseSelection | null;
  /** Only these of the files' own columns; all unless said. */
  readonly columns: readonly string[] | null;
  /** Columns of a text file that are read as text, whatever their values look like. */
  readonly texts: readonly string[];
  readonly every: number;
  readonly derive: readonly { readonly name: string; readonly expression: string }[];
  /** Columns whose times are refused when they are finer than a microsecond; others are cut. */
  readonly exactTimes: readonly string[];
  /** Look at every line to find the types, instead of the first 20,480. */
  readonly wholeFileTypes: boolean;
  readonly memoryLimitBytes: number;
  readonly threads: number;
}

export const HEAD_BYTES = 8;

/** Parts of a payload are padded to multiples of 8 bytes; the lengths in the JSON are without padding. */
export const paddedBytes = (length: number): number => (length + 7) & ~7;

export function encodeHead(head: FrameHead, payloadBytes: number): Buffer {
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const bytes = Buffer.alloc(HEAD_BYTES + json.length);
  bytes.writeUInt32LE(json.length, 0);
  bytes.writeUInt32LE(payloadBytes, 4);
  json.copy(bytes, HEAD_BYTES);
  return bytes;
}

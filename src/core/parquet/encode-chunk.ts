import type { PresentColumn, PresentText } from '../../shared/table/present-column.ts';
import { compressDictionary, packPage, packPageHere } from './compress-page.ts';
import { type EncodedRows, encodeRows } from './encode-column.ts';
import { dataHeader, dictionaryHeader } from './metadata.ts';

/** The rows of one column in one row group, ready to be written; what the footer tells of them. */
export interface EncodedChunk extends Pick<EncodedRows, 'rows' | 'nulls' | 'range' | 'encoding'> {
  /** Of the dictionary's page, 0 without one. It comes first. */
  readonly dictionaryBytes: number;
  /** Both with the pages' headers. */
  readonly storedBytes: number;
  readonly plainBytes: number;
  readonly parts: readonly Uint8Array[];
}

/** Compressed on other threads. */
export async function encodeChunk(encoded: EncodedRows): Promise<EncodedChunk> {
  const [values, dictionary] = await Promise.all([
    packPage(encoded.values),
    encoded.dictionary === null ? null : compressDictionary(encoded.dictionary.bytes),
  ]);
  return chunkOf(encoded, values, dictionary);
}

/** Compressed on this thread. Text is left to whoever keeps its dictionary. */
export function encodeChunkHere(column: Exclude<PresentColumn, PresentText>): EncodedChunk {
  const encoded = encodeRows(column);
  return chunkOf(encoded, packPageHere(encoded.values), null);
}

/** @param packed values, null where they stay as they are. */
function chunkOf(
  encoded: EncodedRows,
  packed: Uint8Array | null,
  packedDictionary: Uint8Array | null,
): EncodedChunk {
  const { dictionary, levels, values, rows, nulls, range, encoding } = encoded;
  const stored = packed ?? values;
  const before =
    dictionary === null || packedDictionary === null
      ? []
      : [
          dictionaryHeader(dictionary.entries, dictionary.bytes.length, packedDictionary.length),
          packedDictionary,
        ];
  const parts = [...before, dataHeader(encoded, stored.length, packed !== null), levels, stored];
  const storedBytes = lengthOf(parts);
  const saved =
    values.length - stored.length + (dictionary?.bytes.length ?? 0) - (packedDictionary?.length ?? 0);
  return {
    rows,
    nulls,
    range,
    encoding,
    dictionaryBytes: lengthOf(before),
    storedBytes,
    plainBytes: storedBytes + saved,
    parts,
  };
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

import { giveBack } from '../../../../shared/give-back.ts';
import type { Column, StringColumn } from '../../../../shared/table/column.ts';
import { type PresentText, presentColumn } from '../../../../shared/table/present-column.ts';
import { type BlockHashes, hashBlocks } from '../../../../trust/table-hash/index.ts';
import { type EncodedChunk, encodeChunkHere } from '../../../parquet/index.ts';
import { type FeatureTask, findWinners } from './feature-task.ts';
import { gatherPresent } from './gather-present.ts';

/** Some rows of a set, for a row group of a Parquet file: computed, hashed and encoded where they are in the cache. */
export interface StretchTask {
  /** A view whose features are looked up for these rows; null where there is none. */
  readonly view: FeatureTask | null;
  /** What becomes columns of the file. */
  readonly columns: readonly StretchColumn[];
  readonly withHashes: boolean;
  /** False where nothing of it is written. */
  readonly withChunks: boolean;
}

export type StretchColumn =
  | { readonly kind: 'ready'; readonly column: Exclude<Column, StringColumn> }
  | {
      readonly kind: 'feature';
      /** Among the view's columns. */
      readonly index: number;
    };

export type StretchedColumn =
  | {
      readonly kind: 'encoded';
      readonly chunk: EncodedChunk | null;
      readonly hashes: BlockHashes | null;
    }
  /** Codes into a dictionary that is not here. */
  | { readonly kind: 'text'; readonly codes: PresentText };

export interface Stretch {
  readonly columns: readonly StretchedColumn[];
  /** Rows that got nothing because the row that held was too old. */
  readonly expiredRows: number;
}

/** Looks up, hashes and encodes what a stretch of rows asks for. */
export function computeStretch({ view, columns, withHashes, withChunks }: StretchTask): Stretch {
  const found = view === null ? null : findWinners(view);
  return {
    columns: columns.map((column): StretchedColumn => {
      const present =
        column.kind === 'ready'
          ? presentColumn(column.column)
          : gatherPresent(view!.columns[column.index]!, found!.won);
      if (present.type === 'string') return { kind: 'text', codes: present };
      return {
        kind: 'encoded',
        hashes: withHashes ? hashBlocks(present) : null,
        chunk: withChunks ? encodeChunkHere(present) : null,
      };
    }),
    expiredRows: found?.expiredRows ?? 0,
  };
}

/** Gives back the memory of a column that was handed over, once it is written. */
export function giveBackChunk({ parts }: EncodedChunk): void {
  for (const part of parts) giveBack(part);
}

/** The same with its bytes in memory that can be handed over, and that memory. */
export function handedOver({ columns, expiredRows }: Stretch): {
  readonly stretch: Stretch;
  readonly buffers: readonly ArrayBuffer[];
} {
  const buffers = new Set<ArrayBuffer>();
  const moved = columns.map((column): StretchedColumn => {
    if (column.kind === 'text') {
      const { values, mask } = column.codes;
      for (const array of [values, mask])
        if (array !== null && array.buffer instanceof ArrayBuffer) buffers.add(array.buffer);
      return column;
    }
    if (column.chunk === null) return column;
    const parts = column.chunk.parts.map(ownPart);
    for (const { buffer } of parts) if (buffer instanceof ArrayBuffer) buffers.add(buffer);
    return { ...column, chunk: { ...column.chunk, parts } };
  });
  return { stretch: { columns: moved, expiredRows }, buffers: [...buffers] };
}

/**
 * Bytes whose memory goes with them, or is shared. What fills most of its memory has it for itself: Node's pool of small
 * buffers never lends more than half.
 */
function ownPart(part: Uint8Array): Uint8Array {
  const { buffer, byteLength } = part;
  return buffer instanceof SharedArrayBuffer || 2 * byteLength > buffer.byteLength
    ? part
    : new Uint8Array(part);
}

import type { Column, ColumnType, StringColumn } from '../../../../shared/table/column.ts';
import { type BlockHashes, hashBlocks } from '../../../../trust/table-hash/index.ts';
import { type EncodedChunk, encodeChunkHere } from '../../../parquet/index.ts';
import { computeFeatures, type FeatureTask } from './feature-task.ts';
import type { Gathered } from './gather.ts';

/** Some rows of a set, as a row group of a Parquet file: computed, hashed and encoded where they are in the cache. */
export interface StretchTask {
  /** Views whose features are looked up for these rows. */
  readonly views: readonly FeatureTask[];
  /** What becomes columns of the file, in order. */
  readonly columns: readonly StretchColumn[];
  readonly withHashes: boolean;
}

export type StretchColumn =
  | { readonly kind: 'ready'; readonly column: Exclude<Column, StringColumn> }
  | {
      readonly kind: 'feature';
      readonly type: ColumnType;
      readonly view: number;
      /** Among the view's columns. */
      readonly index: number;
    };

export type StretchedColumn =
  | { readonly kind: 'encoded'; readonly chunk: EncodedChunk; readonly hashes: BlockHashes | null }
  /** Codes into a dictionary that is not here. */
  | { readonly kind: 'text'; readonly gathered: Gathered };

export interface Stretch {
  readonly columns: readonly StretchedColumn[];
  /** Per view, rows that got nothing because the row that held was too old. */
  readonly expiredRows: readonly number[];
}

export function computeStretch({ views, columns, withHashes }: StretchTask): Stretch {
  const computed = views.map((view) => computeFeatures(view));
  const encoded = (column: Exclude<Column, StringColumn>): StretchedColumn => ({
    kind: 'encoded',
    chunk: encodeChunkHere(column),
    hashes: withHashes ? hashBlocks(column) : null,
  });
  return {
    columns: columns.map((column): StretchedColumn => {
      if (column.kind === 'ready') return encoded(column.column);
      const gathered = computed[column.view]!.gathered[column.index]!;
      if (column.type === 'string') return { kind: 'text', gathered };
      return encoded({ name: '', type: column.type, ...gathered } as Exclude<Column, StringColumn>);
    }),
    expiredRows: computed.map(({ expiredRows }) => expiredRows),
  };
}

/** The same with its bytes in memory that can be handed over, and that memory. */
export function handedOver({ columns, expiredRows }: Stretch): {
  readonly stretch: Stretch;
  readonly buffers: readonly ArrayBuffer[];
} {
  const buffers = new Set<ArrayBuffer>();
  const moved = columns.map((column): StretchedColumn => {
    if (column.kind === 'text') {
      for (const array of [column.gathered.values, column.gathered.validity])
        if (array !== null && array.buffer instanceof ArrayBuffer) buffers.add(array.buffer);
      return column;
    }
    const whole = joined(column.chunk.parts);
    buffers.add(whole.buffer);
    return { ...column, chunk: { ...column.chunk, parts: [whole] } };
  });
  return { stretch: { columns: moved, expiredRows }, buffers: [...buffers] };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

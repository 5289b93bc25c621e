import { createWindowSweep, pointInTimeWinners } from '../../../numerics/windows/index.ts';
import type { AggregateFunction } from '../../../shared/definitions/features.ts';
import type { Column } from '../../../shared/table/column.ts';

/** The computation of one view's features, in arrays that another thread can share. */
export interface SweepTask {
  readonly history: {
    readonly key: Uint32Array;
    readonly event: Float64Array;
    readonly known: Float64Array | null;
  };
  readonly spine: {
    readonly key: Uint32Array;
    readonly time: Float64Array;
    readonly knownCut: 'row' | number | null;
  };
  readonly aggregates: readonly {
    readonly values: Float64Array | null;
    readonly windowMicros: number;
    readonly exclusive: boolean;
    readonly functions: readonly AggregateFunction[];
  }[];
  /** Asked for when the view has features that are taken from the winning row. */
  readonly winners: { readonly ttlMicros: number | null } | null;
}

export interface SweepResult {
  /** Per aggregate, per function, one value per spine row. */
  readonly aggregates: readonly (readonly Float64Array[])[];
  /** Row of the history per spine row, or EXPIRED_WINNER, or NO_WINNER. */
  readonly winners: Int32Array | null;
}

/** The memory of a result, which is handed over and not copied. */
export function buffersOf({ aggregates, winners }: SweepResult): ArrayBuffer[] {
  const arrays = [...aggregates.flat(), ...(winners === null ? [] : [winners])];
  const buffers = arrays.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
  // Two features may be the same aggregate in one array.
  return [...new Set(buffers)];
}

export type SweepMessage = { readonly progress: number } | { readonly result: SweepResult };

export function runSweep(task: SweepTask, onProgress: (fraction: number) => void): SweepResult {
  const steps = task.aggregates.length + (task.winners === null ? 0 : 1) + 1;
  const sweep = task.aggregates.length === 0 ? null : createWindowSweep(task.history, task.spine);
  onProgress(1 / steps);
  const aggregates = task.aggregates.map((request, index) => {
    const arrays = sweep!.aggregate(request);
    onProgress((index + 2) / steps);
    return arrays;
  });
  const winners =
    task.winners === null
      ? null
      : pointInTimeWinners({ history: task.history, spine: task.spine, ttlMicros: task.winners.ttlMicros });
  return { aggregates, winners };
}

/** Copies into memory that threads share, so that a message does not copy it again. */
export function shared(values: Float64Array): Float64Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const out = new Float64Array(new SharedArrayBuffer(values.byteLength));
  out.set(values);
  return out;
}

export function sharedKeys(values: Uint32Array): Uint32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const out = new Uint32Array(new SharedArrayBuffer(values.byteLength));
  out.set(values);
  return out;
}

/** The column in memory that threads share. */
export function shareColumn(column: Column): Column {
  const validity = column.validity === null ? null : sharedBytes(column.validity);
  if (column.type === 'string') return { ...column, validity, values: sharedKeys(column.values) };
  if (column.type === 'bool') return { ...column, validity, values: sharedBytes(column.values) };
  if (column.values instanceof BigInt64Array)
    return { ...column, type: 'int64', validity, values: column.values };
  return { name: column.name, type: column.type, validity, values: shared(column.values) };
}

function sharedBytes(values: Uint8Array): Uint8Array {
  const out = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  out.set(values);
  return out;
}

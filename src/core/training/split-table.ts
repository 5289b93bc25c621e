import { rowsInAscendingOrder } from '../../numerics/arrays/ascending-rows.ts';
import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Table } from '../../shared/table/column.ts';
import { type FoldRows, foldsAtRandom, foldsByGroup, foldsByTime } from './fold-rows.ts';
import { requiredColumn } from './required-column.ts';
import { groupNumbers, type RowSplit, splitAtRandom, splitByGroup, splitByTime } from './split-rows.ts';

/** Event times in microseconds: of the training rows' first and last, and of the test rows'. */
export interface SetTimes {
  readonly trainFrom: number;
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
}

/** Rows without a label, or without a time where time decides, take no part. Folds are of the training part alone. */
export function splitTable(
  definition: TrainingDefinition,
  table: Table,
  eventTime: string | undefined,
  labels: Float32Array,
): RowSplit & { readonly folds: readonly FoldRows[] } {
  const labelled = (row: number): boolean => !Number.isNaN(labels[row]!);
  const { seed, split: how } = definition;
  const count = definition.tune?.folds ?? 0;
  const withFolds = (split: RowSplit, foldsOf: (training: Uint32Array) => FoldRows[]) => ({
    ...split,
    folds: count === 0 ? [] : foldsOf(split.order.subarray(0, split.train)),
  });
  if (how.by === 'random') {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(labelled);
    return withFolds(splitAtRandom(rows, seed, how), (training) => foldsAtRandom(training, count));
  }
  if (how.by === 'group') {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(labelled);
    // The schema has made sure of the column.
    const groups = groupNumbers(requiredColumn(table, how.group!));
    return withFolds(splitByGroup(rows, groups, seed, how), (training) =>
      foldsByGroup(training, groups, seed, count),
    );
  }
  const times = timeValues(table, mustHaveTime(eventTime, definition));
  return withFolds(splitByTime(rowsInAscendingOrder(times).filter(labelled), times, how), (training) =>
    foldsByTime(training, times, count),
  );
}

/** Null for a split that is not by time. */
export function timesOf(
  definition: TrainingDefinition,
  table: Table,
  eventTime: string | undefined,
  split: RowSplit,
): SetTimes | null {
  if (definition.split.by !== 'time' || eventTime === undefined) return null;
  const times = timeValues(table, eventTime);
  const at = (position: number): number => times[split.order[position]!]!;
  const rows = split.order.length;
  return {
    trainFrom: at(0),
    trainTo: at(split.train - 1),
    testFrom: at(rows - split.test),
    testTo: at(rows - 1),
  };
}

/** Microseconds per row, NaN where missing. */
function timeValues(table: Table, name: string): Float64Array {
  const column = requiredColumn(table, name);
  if ((column.type !== 'timestamp' && column.type !== 'date') || !(column.values instanceof Float64Array)) {
    throw new FalajError('TYPE_MISMATCH', `The event time ${name} is ${column.type}, not a time.`, {
      details: { column: name },
    });
  }
  const { validity, values } = column;
  return validity === null ? values : values.map((value, row) => (validity[row] === 1 ? value : Number.NaN));
}

/** @throws BAD_DEFINITION where there is none. */
export function mustHaveTime(eventTime: string | undefined, definition: TrainingDefinition): string {
  if (eventTime !== undefined) return eventTime;
  throw new FalajError('BAD_DEFINITION', `The training ${definition.name} needs an event time.`, {
    hint: 'Set entities.eventTime, or import the dataset with --event-time.',
  });
}

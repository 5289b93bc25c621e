import type { Column, ColumnSchema, StringColumn } from '../../../shared/table/column.ts';
import { type PresentText, presentColumn } from '../../../shared/table/present-column.ts';
import { ColumnTexts } from '../../parquet/index.ts';
import type { StretchColumn } from '../join/compute/stretch-task.ts';
import type { JoinedPart } from '../join/join-features.ts';

/** A column of a set that is written stretch by stretch. */
export interface SetColumn extends ColumnSchema {
  /** Its place among the set's columns. */
  readonly place: number;
  /** What threads do for some of its rows; null for text that is there already. */
  readonly task: ((from: number, to: number) => StretchColumn) | null;
  /** Text stays with its dictionary, on the engine's own thread. */
  readonly text: {
    readonly encoded: ColumnTexts;
    /** @param found what a thread found, if it was asked. */
    rows(from: number, to: number, found: PresentText | null): PresentText;
  } | null;
}

type UnplacedColumn = Omit<SetColumn, 'place'>;

export const spineColumns = (spine: readonly Column[]): SetColumn[] =>
  spine.map((column, place) => ({ ...readyColumn(column), place }));

/** @param placeOf a feature's column in the set. */
export function partColumns(
  part: JoinedPart,
  placeOf: (feature: JoinedPart['features'][number]) => Pick<SetColumn, 'name' | 'place'>,
): SetColumn[] {
  const columns =
    part.kind === 'columns' ? part.columns.map(readyColumn) : part.asked.columns.map(featureColumn);
  return columns.map((column, index) => ({ ...column, ...placeOf(part.features[index]!) }));
}

function readyColumn(column: Column): UnplacedColumn {
  const { name, type } = column;
  if (column.type !== 'string')
    return {
      name,
      type,
      text: null,
      task: (from, to) => ({ kind: 'ready', column: rowsToSend(column, from, to) }),
    };
  return {
    name,
    type,
    task: null,
    text: {
      encoded: new ColumnTexts(column.dictionary),
      rows: (from, to) => presentColumn(column, from, to),
    },
  };
}

function featureColumn(source: Column, index: number): UnplacedColumn {
  const { name, type } = source;
  const task = (): StretchColumn => ({ kind: 'feature', index });
  if (source.type !== 'string') return { name, type, task, text: null };
  const { dictionary } = source;
  return {
    name,
    type,
    task,
    text: {
      encoded: new ColumnTexts(dictionary),
      // A text's task is to find its codes.
      rows: (_from, _to, found) => ({ ...found!, dictionary }),
    },
  };
}

/** In the same memory. */
const rowsOf = <Some extends Column>(column: Some, from: number, to: number): Some => ({
  ...column,
  values: column.values.subarray(from, to),
  validity: column.validity?.subarray(from, to) ?? null,
});

/** A thread is sent all of the memory that an array lies in, unless both share it: of other memory these rows are copied. */
function rowsToSend<Some extends Exclude<Column, StringColumn>>(
  column: Some,
  from: number,
  to: number,
): Some {
  const rows = rowsOf(column, from, to);
  if (rows.values.buffer instanceof SharedArrayBuffer) return rows;
  return { ...rows, values: rows.values.slice(), validity: rows.validity?.slice() ?? null };
}

import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema, ColumnType, Table } from '../../../shared/table/column.ts';
import { buildColumn, type PlainValue } from '../build-column.ts';
import type { TableFeed } from './fed-source.ts';

/** Rows from which types are judged, and that travel together. */
const BATCH_ROWS = 16_384;

/** Rows of values that have types of their own, while their columns have none. */
export interface JudgedRows<Value> {
  readonly names: readonly string[];
  readonly rows: AsyncIterator<readonly Value[]> | Iterator<readonly Value[]>;
  /** The same rows once more, where types are to be judged from all of them. */
  readonly judged?: AsyncIterator<readonly Value[]> | undefined;
  /** The type that fits all of some values of a column; null when they say nothing. */
  judge(index: number, values: readonly Value[]): ColumnType | null;
  /** The value as one of that type; undefined when it is none. */
  convert(value: Value, type: ColumnType): PlainValue | undefined;
  /** What to do about a later value that is none. */
  readonly misfitHint: (column: string) => string;
  /** After the last row. */
  close?(): void;
}

/** A later value is none of the type that the first ones have. */
export class MisjudgedType extends FalajError {}

export async function judgedFeed<Value>(source: JudgedRows<Value>): Promise<TableFeed> {
  const first = await take(source.rows);
  const types =
    source.judged === undefined ? judgeBatch(source, first) : await judgeAll(source, source.judged);
  const schema: ColumnSchema[] = source.names.map((name, index) => ({
    name,
    type: types[index] ?? 'string',
  }));
  const toTable = (batch: readonly (readonly Value[])[], before: number): Table => ({
    rows: batch.length,
    columns: schema.map((column, index) =>
      buildColumn(
        column,
        batch.map((row, at) => {
          const value = source.convert(row[index]!, column.type);
          if (value === undefined) throw misfit(column, before + at + 1, source.misfitHint(column.name));
          return value;
        }),
      ),
    ),
  });
  return {
    schema,
    expectedRows: null,
    notes: [],
    tables: async function* () {
      let before = 0;
      for (let batch = first; batch.length > 0; batch = await take(source.rows)) {
        yield toTable(batch, before);
        before += batch.length;
      }
      source.close?.();
    },
  };
}

const judgeBatch = <Value>(
  source: JudgedRows<Value>,
  batch: readonly (readonly Value[])[],
): (ColumnType | null)[] =>
  source.names.map((_, index) =>
    source.judge(
      index,
      batch.map((row) => row[index]!),
    ),
  );

async function judgeAll<Value>(
  source: JudgedRows<Value>,
  rows: AsyncIterator<readonly Value[]>,
): Promise<(ColumnType | null)[]> {
  let types: (ColumnType | null)[] = source.names.map(() => null);
  for (let batch = await take(rows); batch.length > 0; batch = await take(rows)) {
    const found = judgeBatch(source, batch);
    types = types.map((type, index) => common(type, found[index]!));
  }
  return types;
}

/** The type that fits what either fits. */
function common(one: ColumnType | null, other: ColumnType | null): ColumnType | null {
  if (one === null || other === null || one === other) return one ?? other;
  const both = [one, other].sort().join();
  if (both === 'float64,int64') return 'float64';
  return both === 'date,timestamp' ? 'timestamp' : 'string';
}

async function take<Value>(rows: JudgedRows<Value>['rows']): Promise<(readonly Value[])[]> {
  const batch: (readonly Value[])[] = [];
  while (batch.length < BATCH_ROWS) {
    const next = rows.next();
    const { done, value } = next instanceof Promise ? await next : next;
    if (done === true) break;
    batch.push(value);
  }
  return batch;
}

const misfit = ({ name, type }: ColumnSchema, row: number, hint: string): MisjudgedType =>
  new MisjudgedType('TYPE_MISMATCH', `Row ${row} has no ${type} in column "${name}".`, {
    hint,
    details: { column: name, row },
  });

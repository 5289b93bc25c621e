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
  /** The type that fits all the values of a column in the first rows. */
  judge(index: number, values: readonly Value[]): ColumnType;
  /** The value as one of that type; undefined when it is none. */
  convert(value: Value, type: ColumnType): PlainValue | undefined;
  /** What to do about a later value that is none. */
  readonly misfitHint: (column: string) => string;
  /** After the last row. */
  close?(): void;
}

export async function judgedFeed<Value>(source: JudgedRows<Value>): Promise<TableFeed> {
  const first = await take(source.rows);
  const schema: ColumnSchema[] = source.names.map((name, index) => ({
    name,
    type: source.judge(
      index,
      first.map((row) => row[index]!),
    ),
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

const misfit = ({ name, type }: ColumnSchema, row: number, hint: string): FalajError =>
  new FalajError('TYPE_MISMATCH', `Row ${row} has no ${type} in column "${name}".`, {
    hint,
    details: { column: name, row },
  });

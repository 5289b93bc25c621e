import { DatabaseSync } from 'node:sqlite';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import type { PlainValue } from '../build-column.ts';
import { isWholeDay, parseTime } from '../parse-time.ts';
import { type DatabaseSelection, selectStatement } from './database-selection.ts';
import type { TableFeed } from './fed-source.ts';
import { judgedFeed } from './judged-feed.ts';

type Value = string | number | bigint | Uint8Array | null;

const TABLES =
  "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name";

/** A SQLite file, opened to be read only. Its values have types, its columns hardly do: the first rows decide. */
export function openSqliteFeed(file: string, selection: DatabaseSelection): Promise<TableFeed> {
  // Node's own SQLite: it asks the permissions for the file alone, where other libraries look at its folder.
  const database = new DatabaseSync(file, { readOnly: true });
  const tables = database.prepare(TABLES).all();
  const select = selectStatement(
    selection,
    tables.map(({ name }) => String(name)),
  );
  // Within parentheses only one query can stand; its last line may be a comment.
  const statement = database.prepare(`SELECT * FROM (\n${select}\n)`);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const columns = statement.columns();
  return judgedFeed({
    names: columns.map(({ name }) => name),
    rows: statement.iterate() as unknown as Iterator<readonly Value[]>,
    judge: (index, values) => judgedType(columns[index]!, values),
    convert: converted,
    misfitHint: (column) => `Give its values one type with --query, such as CAST("${column}" AS TEXT).`,
    close: () => database.close(),
  });
}

function judgedType(column: { name: string; type: string | null }, all: readonly Value[]): ColumnType {
  const declared = (column.type ?? '').toUpperCase();
  const values = all.filter((value) => value !== null);
  if (values.some((value) => value instanceof Uint8Array)) {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Column "${column.name}" holds binary values, which no column here can hold.`,
      {
        hint: 'Leave it out with --query, or turn it into text with hex().',
        details: { column: column.name },
      },
    );
  }
  if (values.length === 0) return declaredType(declared);
  if (/BOOL/.test(declared) && values.every((value) => value === 0n || value === 1n)) return 'bool';
  if (values.every((value) => typeof value === 'bigint'))
    return /REAL|FLOA|DOUB/.test(declared) ? 'float64' : 'int64';
  if (values.every((value) => typeof value !== 'string')) return 'float64';
  if (!/DATE|TIME/.test(declared)) return 'string';
  const times = values.map((value) => parseTime(String(value)));
  if (times.includes(null)) return 'string';
  return declared === 'DATE' && times.every((time) => isWholeDay(time!)) ? 'date' : 'timestamp';
}

/** Where no value tells: by the words that SQLite itself goes by. */
function declaredType(declared: string): ColumnType {
  if (/BOOL/.test(declared)) return 'bool';
  if (/INT/.test(declared)) return 'int64';
  if (/REAL|FLOA|DOUB|NUM|DEC/.test(declared)) return 'float64';
  return 'string';
}

function converted(value: Value, type: ColumnType): PlainValue | undefined {
  if (value === null) return null;
  if (value instanceof Uint8Array) return undefined;
  switch (type) {
    case 'string':
      return String(value);
    case 'bool':
      return value === 0n || value === 1n ? value === 1n : undefined;
    case 'int64':
      return typeof value === 'bigint' ? value : undefined;
    case 'float64':
      return typeof value === 'string' ? undefined : Number(value);
    default:
      return typeof value === 'string' ? (parseTime(value) ?? undefined) : undefined;
  }
}

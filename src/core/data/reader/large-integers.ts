import path from 'node:path';
import type { FalajError } from '../../../shared/errors.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { sqlName } from '../duckdb/sql-text.ts';
import { beyondInt64, INT64_MAX, INT64_MIN } from '../int64-range.ts';
import type { DescribedColumn } from './derived-plans.ts';

/** DuckDB's types of whole numbers that a signed 64-bit integer may not hold. */
const LARGE_TYPES: ReadonlySet<string> = new Set(['UBIGINT', 'HUGEINT', 'UHUGEINT']);

/** Whether a cast of such a type failed: DuckDB names the value, not its column. */
export const isBeyondInt64 = (error: unknown): boolean =>
  error instanceof Error && /^Conversion Error: Type U?INT(64|128) with value/.test(error.message);

/** The first column with such a number, in words for a person. */
export async function columnBeyondInt64(
  session: DuckSession,
  columns: readonly DescribedColumn[],
  { from, files }: { readonly from: string; readonly files: readonly string[] },
): Promise<FalajError | null> {
  const large = columns.filter(({ type }) => LARGE_TYPES.has(type));
  if (large.length === 0) return null;
  const tests = large.map(
    ({ name }) => `CAST(bool_or(${sqlName(name)} NOT BETWEEN ${INT64_MIN} AND ${INT64_MAX}) AS VARCHAR)`,
  );
  const [found = []] = await session.texts(`SELECT ${tests.join(', ')} FROM ${from}`);
  const column = large[found.indexOf('true')];
  return column === undefined
    ? null
    : beyondInt64(column.name, files.length === 1 ? path.basename(files[0]!) : undefined);
}

import { FalajError } from '../../../shared/errors.ts';
import { sqlName, sqlText } from '../duckdb/sql-text.ts';
import type { DescribedColumn } from './derived-plans.ts';
import type { ReadRequest } from './frames.ts';
import { TOO_FINE, TOO_FINE_HINT } from './read-failure.ts';

/** The column, with an end to the reading at the first time that would lose digits which the request wants kept. */
export function exactSql(
  { name, type }: DescribedColumn,
  { exactTimes }: Pick<ReadRequest, 'exactTimes'>,
): string {
  const sql = sqlName(name);
  if (type !== 'TIMESTAMP_NS' || !exactTimes.includes(name)) return sql;
  return `CASE WHEN epoch_ns(${sql}) % 1000 <> 0 THEN error(${sqlText(`${TOO_FINE}${name}`)}) ELSE ${sql} END`;
}

const NANOS_PER_MICRO = 1_000n;

/** Nanoseconds as microseconds, rounded toward the past, or refused where `exact` and digits would be lost. */
export function microsOfNanos(
  nanos: bigint,
  column: { readonly name: string; readonly exact: boolean },
): bigint {
  const rest = nanos % NANOS_PER_MICRO;
  if (rest === 0n) return nanos / NANOS_PER_MICRO;
  if (!column.exact) return nanos / NANOS_PER_MICRO - (rest < 0n ? 1n : 0n);
  throw new FalajError('TYPE_MISMATCH', `Column "${column.name}" has times finer than a microsecond.`, {
    hint: TOO_FINE_HINT,
    details: { column: column.name },
  });
}

import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { sqlName, sqlText } from '../duckdb/sql-text.ts';

/** Marks the error of a text that is no time although the ones before it are; the column's name follows. */
export const NO_TIME = 'falaj: no time: ';
const UNCLEAR = 'falaj: unclear local time';
const DAY = "INTERVAL '1 day'";

/** Judges the text of a time: `skip` or `twice` where the clocks of the zone that it names do so to it, else null. */
function unclearSql(text: string): string {
  const instant = `TRY_CAST(${text} AS TIMESTAMPTZ)`;
  const zone = `regexp_extract(${text}, ' ([A-Za-z][^ ]*)$', 1)`;
  const local = `CAST(regexp_replace(${text}, ' [A-Za-z][^ ]*$', '') AS TIMESTAMP)`;
  const shownAt = (time: string): string => `timezone(${zone}, ${time})`;
  const shows = (time: string): string => `${shownAt(time)} = ${local}`;
  const change = `(${shownAt(`${instant} - ${DAY}`)} + 2 * ${DAY} - ${shownAt(`${instant} + ${DAY}`)})`;
  // Beyond the time itself only the name of a zone stands after a blank. Looking zones up takes time, so it comes last.
  return `CASE WHEN contains(substr(${text}, 12), ' ') AND ${zone} <> '' THEN
    CASE WHEN ${change} <> INTERVAL '0 second' THEN
      CASE
        WHEN NOT ${shows(instant)} THEN 'skip'
        WHEN ${shows(`${instant} - ${change}`)} OR ${shows(`${instant} + ${change}`)} THEN 'twice'
      END
    END
  END`;
}

/**
 * A column that is read as text, as times. The reading ends at the first local time in a named zone whose clocks skip it or
 * show it twice: DuckDB would take one of the instants that it may mean.
 */
export function clearTimeSql(name: string): string {
  const text = sqlName(name);
  const instant = `TRY_CAST(${text} AS TIMESTAMPTZ)`;
  return `CASE
    WHEN ${text} IS NOT NULL AND ${instant} IS NULL THEN error(${sqlText(`${NO_TIME}${name}`)})
    WHEN ${unclearSql(text)} IS NOT NULL THEN error(${sqlText(UNCLEAR)})
    ELSE ${instant}
  END`;
}

/** Those of the columns of text that hold nothing but times, some with the name of a zone. */
export async function columnsInNamedZones(
  session: DuckSession,
  columns: readonly string[],
  from: string,
): Promise<ReadonlySet<string>> {
  if (columns.length === 0) return new Set();
  const judged = columns.map((column) => {
    const text = sqlName(column);
    return `CAST(bool_and(${text} IS NULL OR TRY_CAST(${text} AS TIMESTAMPTZ) IS NOT NULL)
      AND bool_or(regexp_matches(${text}, '[0-9] [A-Za-z][^ ]*$')) AS VARCHAR)`;
  });
  const [row] = await session.texts(`SELECT ${judged.join(', ')} FROM ${from}`);
  return new Set(columns.filter((_, index) => row?.[index] === 'true'));
}

export const isUnclearTime = (error: unknown): boolean =>
  error instanceof Error && error.message.includes(UNCLEAR);

/** Where the first such time is: `files` maps each file to what reads it with these columns as text. */
export async function unclearTime(
  session: DuckSession,
  files: ReadonlyMap<string, string>,
  names: readonly string[],
): Promise<FalajError | null> {
  for (const [file, from] of files) {
    for (const name of names) {
      const text = sqlName(name);
      const numbered = `(SELECT row_number() OVER () AS falaj_row, ${text} FROM ${from})`;
      const [found] = await session.texts(
        `SELECT CAST(falaj_row AS VARCHAR), ${text}, ${unclearSql(text)} AS falaj_unclear
         FROM ${numbered} WHERE falaj_unclear IS NOT NULL ORDER BY falaj_row LIMIT 1`,
      );
      if (found !== undefined) return refused(path.basename(file), name, found);
    }
  }
  return null;
}

function refused(file: string, column: string, [row, text, why]: readonly (string | null)[]): FalajError {
  return new FalajError(
    'MALFORMED_FILE',
    `Row ${row} of "${file}" has the local time "${text}" in column "${column}", which the clocks there ${why === 'skip' ? 'skip' : 'show twice'}.`,
    {
      hint: 'Write the offset from UTC instead of the name of the zone, such as 2026-10-25 02:30:00+02:00.',
      details: { file, row: Number(row), column },
    },
  );
}

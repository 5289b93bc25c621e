import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { sqlName, sqlText } from '../duckdb/sql-text.ts';

/** Marks the error of a text that is no time although the ones before it are; the column's name follows. */
export const NO_TIME = 'falaj: no time: ';
const UNCLEAR = 'falaj: unclear local time';
const DAY = "INTERVAL '1 day'";

interface JudgedText {
  readonly text: string;
  readonly instant: string;
  readonly zone: string;
  readonly change: string;
}

const judgedText = (name: string, index: number): JudgedText => ({
  text: sqlName(name),
  instant: `falaj_instant_${index}`,
  zone: `falaj_zone_${index}`,
  change: `falaj_change_${index}`,
});

/** The rows of `from` with what their texts say. Zones are looked up once each, since that is what takes time. */
function judgedRows(from: string, columns: readonly JudgedText[]): string {
  const parts = columns.map(
    ({ text, instant, zone }) =>
      // Beyond the time itself only the name of a zone stands after a blank.
      `TRY_CAST(${text} AS TIMESTAMPTZ) AS ${instant},
       CASE WHEN contains(substr(${text}, 12), ' ') THEN regexp_extract(${text}, ' ([A-Za-z][^ ]*)$', 1) ELSE '' END AS ${zone}`,
  );
  const changes = columns.map(
    ({ instant, zone, change }) => `CASE WHEN ${zone} <> '' AND ${instant} IS NOT NULL
      THEN timezone(${zone}, ${instant} - ${DAY}) + 2 * ${DAY} - timezone(${zone}, ${instant} + ${DAY}) END AS ${change}`,
  );
  return `(SELECT *, ${changes.join(', ')} FROM (SELECT *, ${parts.join(', ')} FROM ${from}))`;
}

/** `skip` or `twice` where the zone's clocks do so to the local time, else null. */
function unclearSql({ text, instant, zone, change }: JudgedText): string {
  const local = `CAST(regexp_replace(${text}, ' [A-Za-z][^ ]*$', '') AS TIMESTAMP)`;
  const shows = (time: string): string => `timezone(${zone}, ${time}) = ${local}`;
  return `CASE WHEN ${change} <> INTERVAL '0 second' THEN
    CASE
      WHEN NOT ${shows(instant)} THEN 'skip'
      WHEN ${shows(`${instant} - ${change}`)} OR ${shows(`${instant} + ${change}`)} THEN 'twice'
    END
  END`;
}

/**
 * Rows whose columns of these names are read as text, with times in their place. The reading ends at the first local time in a
 * named zone whose clocks skip it or show it twice: DuckDB would take one of the instants that it may mean.
 */
export function clearTimes(from: string, names: readonly string[]): string {
  const columns = names.map(judgedText);
  const times = columns.map(
    (column, index) => `CASE
      WHEN ${column.text} IS NOT NULL AND ${column.instant} IS NULL THEN error(${sqlText(`${NO_TIME}${names[index]}`)})
      WHEN ${unclearSql(column)} IS NOT NULL THEN error(${sqlText(UNCLEAR)})
      ELSE ${column.instant}
    END AS ${column.text}`,
  );
  const helpers = columns.flatMap(({ instant, zone, change }) => [instant, zone, change]);
  return `(SELECT * EXCLUDE (${helpers.join(', ')}) REPLACE (${times.join(', ')}) FROM ${judgedRows(from, columns)})`;
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
    for (const [index, name] of names.entries()) {
      const column = judgedText(name, index);
      const numbered = `(SELECT row_number() OVER () AS falaj_row, ${column.text} FROM ${from})`;
      const [found] = await session.texts(
        `SELECT CAST(falaj_row AS VARCHAR), ${column.text}, ${unclearSql(column)} AS falaj_unclear
         FROM ${judgedRows(numbered, [column])} WHERE falaj_unclear IS NOT NULL ORDER BY falaj_row LIMIT 1`,
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

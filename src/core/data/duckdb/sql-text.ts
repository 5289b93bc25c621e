/** Text as an SQL literal. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as a quoted SQL identifier. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** DuckDB's own words without the lines that repeat the statement. */
export function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .split(/\n\s*\n|\nLINE /)[0]!
    .replace(/\s+/g, ' ')
    .replace(/^[A-Z][A-Za-z ]* Error: /, '')
    .replace(/\.+$/, '')
    .trim();
}

export interface JsonFault {
  readonly line: number;
  readonly reason: string;
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/unexpected end of data/i, 'it ends too early'],
  [/byte order mark/i, 'it begins with a byte order mark'],
  [/utf-?8/i, 'its bytes are not UTF-8'],
  [/unexpected content after document/i, 'more follows after the object'],
  [/has duplicate key/i, 'it has one key twice'],
  [/expected OBJECT/i, 'it is no JSON object'],
];

/** Which line is wrong, and why, in our words: DuckDB's repeat the line, which may hold personal data. Null when it names none. */
export function jsonFault(message: string): JsonFault | null {
  const malformed = /Malformed JSON .* in line (\d+)/is.exec(message)?.[1];
  const transformed = /JSON transform error .* in line (\d+)/is.exec(message)?.[1];
  // DuckDB counts the line that it wanted to read next when a text is malformed.
  const line = malformed === undefined ? Number(transformed) : Number(malformed) - 1;
  if (!Number.isSafeInteger(line) || line < 1) return null;
  const known = REASONS.find(([pattern]) => pattern.test(message))?.[1];
  return {
    line,
    reason:
      known ??
      (malformed === undefined ? 'its values have other types than elsewhere' : 'it is not valid JSON'),
  };
}

export type TextColumn<Row> = readonly [
  title: string,
  value: (row: Row) => string | number | null,
  align?: 'left' | 'right',
];

/** Rows as aligned text; numbers stand on the right. An empty list is its `none` sentence. */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  none: string,
): string {
  if (rows.length === 0) return none;
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, value]) => cell(value(row)))),
  ];
  const right = columns.map(
    ([, value, align]) =>
      (align ?? (rows.every((row) => isNumeric(value(row))) ? 'right' : 'left')) === 'right',
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index]!))));
  return cells
    .map((line) =>
      line
        .map((text, index) => {
          const padding = ' '.repeat(widths[index]! - displayWidth(text));
          return right[index] ? padding + text : text + padding;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one a line; no text is no value. */
export function textFacts(
  facts: readonly (readonly [name: string, value: string | number | null])[],
): string {
  const width = Math.max(...facts.map(([name]) => displayWidth(name)));
  return facts
    .map(
      ([name, value]) =>
        `${name}${' '.repeat(width - displayWidth(name))}  ${cell(value === '' ? null : value)}`,
    )
    .join('\n');
}

const isNumeric = (value: string | number | null): boolean => value === null || typeof value === 'number';

const cell = (value: string | number | null): string => {
  if (value === null) return '–';
  return typeof value === 'number' ? formatNumber(value) : value.replaceAll(/\p{Control}/gu, '�');
};

/** Whole numbers with separators, others with four significant digits. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en')
    : value.toLocaleString(
        'en',
        Math.abs(value) >= 1000 ? { maximumFractionDigits: 1 } : { maximumSignificantDigits: 4 },
      );

/**
 * A value of the data: whole numbers as they are, since they may name something, fractions with seven digits, or two behind
 * the point where there are more before it.
 */
export function valueText(value: string | number | boolean | null): string | null {
  if (typeof value !== 'number' || Number.isInteger(value)) return value === null ? null : String(value);
  return String(Number(Math.abs(value) < 100_000 ? value.toPrecision(7) : value.toFixed(2)));
}

/** `1 row`, `2,000 rows`. */
export const countText = (count: number, singular: string, plural = `${singular}s`): string =>
  `${formatNumber(count)} ${count === 1 ? singular : plural}`;

/** Columns a text takes: combining marks take none. */
const displayWidth = (text: string): number => [...text.replaceAll(/\p{Mark}|\p{Format}/gu, '')].length;

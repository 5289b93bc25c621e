import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';

/** Into which group of a column's values each hold-out row falls. */
export interface SliceColumn {
  readonly column: string;
  /** The groups' names; null for missing values. */
  readonly values: readonly (string | null)[];
  /** Per hold-out row a position in `values`, or `NO_SLICE`. */
  readonly codes: Uint16Array<SharedArrayBuffer>;
}

/** Of a row whose value is in no group. */
export const NO_SLICE = 65_535;
/** The most frequent values are shown; a default column has no more than these. */
const MOST_VALUES = 20;
const MOST_DEFAULT_COLUMNS = 6;
/** A number of more values is cut into quarters. */
const MOST_NUMBERS = 12;

/**
 * The columns by whose values the figures are given apart: those that are named, else text and yes-or-no columns of few
 * values.
 *
 * @param named as the definition says; undefined for the default
 * @param candidates every column that can be named
 * @param usual columns among which the default chooses
 * @param rows hold-out rows
 * @throws UNKNOWN_COLUMN naming the nearest column.
 */
export function sliceColumns(
  named: readonly string[] | undefined,
  candidates: readonly Column[],
  usual: readonly Column[],
  rows: Uint32Array,
): SliceColumn[] {
  if (named !== undefined)
    return [...new Set(named)].map((name) => {
      const column = candidates.find((candidate) => candidate.name === name);
      if (column !== undefined) return slicesOf(column, rows);
      const known = candidates.map((candidate) => candidate.name);
      throw new FalajError('UNKNOWN_COLUMN', `There is no column ${name} to evaluate by.`, {
        hint: nearestHint(name, known, `There are: ${known.join(', ')}.`),
        details: { column: name },
      });
    });
  const few = [...new Set(usual)].filter(
    (column) =>
      (column.type === 'string' && distinctTexts(column, rows) <= MOST_VALUES) || column.type === 'bool',
  );
  return few
    .slice(0, MOST_DEFAULT_COLUMNS)
    .map((column) => slicesOf(column, rows))
    .filter(({ values }) => values.length > 1);
}

function slicesOf(column: Column, rows: Uint32Array): SliceColumn {
  const nameOf = namer(column, rows);
  const counts = new Map<string | null, number>();
  const names = Array.from(rows, (row) => (isPresent(column, row) ? nameOf(row) : null));
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const values = [...counts]
    .sort(([a, many], [b, few]) => few - many || ((a ?? '') < (b ?? '') ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([name]) => name);
  const places = new Map(values.map((value, place) => [value, place]));
  const codes = new Uint16Array(new SharedArrayBuffer(rows.length * Uint16Array.BYTES_PER_ELEMENT));
  for (const [at, name] of names.entries()) codes[at] = places.get(name) ?? NO_SLICE;
  return { column: column.name, values, codes };
}

/** The text of the group that a row's value, which is present, belongs to. */
function namer(column: Column, rows: Uint32Array): (row: number) => string | null {
  if (column.type === 'string') return (row) => column.dictionary[column.values[row]!]!;
  if (column.type === 'bool') return (row) => String(column.values[row] === 1);
  const { values } = column;
  const isTime = column.type === 'timestamp' || column.type === 'date';
  const text = (value: number): string =>
    isTime ? new Date(value / 1000).toISOString().slice(0, 10) : String(Number(value.toPrecision(4)));
  const numbers = Float64Array.from(rows, (row) => Number(values[row]!)).filter(
    (value, at) => isPresent(column, rows[at]!) && !Number.isNaN(value),
  );
  numbers.sort();
  const distinct = numbers.reduce(
    (count, value, at) => count + Number(at === 0 || value !== numbers[at - 1]),
    0,
  );
  const orMissing = (of: (value: number) => string) => (row: number) => {
    const value = Number(values[row]!);
    return Number.isNaN(value) ? null : of(value);
  };
  if (distinct <= MOST_NUMBERS && !isTime) return orMissing(String);
  const cuts = [...new Set([1, 2, 3].map((quarter) => numbers[Math.floor((quarter * numbers.length) / 4)]!))];
  return orMissing((value) => {
    const above = cuts.filter((cut) => value >= cut);
    const next = cuts[above.length];
    if (above.length === 0) return `< ${text(cuts[0]!)}`;
    return next === undefined ? `≥ ${text(above.at(-1)!)}` : `${text(above.at(-1)!)} – ${text(next)}`;
  });
}

function distinctTexts(column: Extract<Column, { type: 'string' }>, rows: Uint32Array): number {
  const seen = new Set<number>();
  for (const row of rows)
    if (isPresent(column, row) && seen.add(column.values[row]!).size > MOST_VALUES) break;
  return seen.size;
}

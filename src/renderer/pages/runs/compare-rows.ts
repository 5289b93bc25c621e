import type { Run } from '../../../shared/contract/types.ts';
import { lowerIsBetter } from './verdict.ts';

export interface CompareCell {
  readonly text: string | null;
  readonly value: number | null;
  /** 1 is the best of the row, 0 the worst; null where better has no meaning. */
  readonly rank: number | null;
}

export interface CompareRow {
  /** Of its kind and name: `metric.auc`. */
  readonly key: string;
  readonly name: string;
  /** Which values of it are the better ones; null where better has no meaning. */
  readonly better: 'higher' | 'lower' | null;
  readonly cells: readonly CompareCell[];
  readonly differs: boolean;
}

const keysOf = (records: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort();

/** One row a metric, with each run's place between the row's worst and best. */
export function metricRows(runs: readonly Run[], order: readonly string[]): CompareRow[] {
  const known = keysOf(runs.map(({ metrics }) => metrics));
  const names = [
    ...order.filter((name) => known.includes(name)),
    ...known.filter((name) => !order.includes(name)),
  ];
  return names.map((name) => {
    const values = runs.map(({ metrics }) => metrics[name] ?? null);
    const present = values.filter((value) => value !== null);
    const [low, high] = [Math.min(...present), Math.max(...present)];
    const judged = order.includes(name) && high > low;
    const cells = values.map((value) => ({
      text: null,
      value,
      rank:
        value === null || !judged
          ? null
          : lowerIsBetter(name)
            ? (high - value) / (high - low)
            : (value - low) / (high - low),
    }));
    return {
      key: `metric.${name}`,
      name,
      better: !order.includes(name) ? null : lowerIsBetter(name) ? 'lower' : 'higher',
      cells,
      differs: high > low || present.length < runs.length,
    };
  });
}

const textRow = (kind: string, name: string, texts: readonly (string | null)[]): CompareRow => ({
  key: `${kind}.${name}`,
  name,
  better: null,
  cells: texts.map((text) => ({ text, value: null, rank: null })),
  differs: new Set(texts).size > 1,
});

export const paramRows = (runs: readonly Run[]): CompareRow[] =>
  keysOf(runs.map(({ params }) => params)).map((name) =>
    textRow(
      'param',
      name,
      runs.map(({ params }) => params[name] ?? null),
    ),
  );

export const tagRows = (runs: readonly Run[]): CompareRow[] =>
  keysOf(runs.map(({ tags }) => tags)).map((name) =>
    textRow(
      'tag',
      name,
      runs.map(({ tags }) => tags[name] ?? null),
    ),
  );

/** One row a dataset: which version each run read. */
export const dataRows = (runs: readonly Run[]): CompareRow[] =>
  [...new Set(runs.flatMap(({ data }) => data.map(({ name }) => name)))].sort().map((name) =>
    textRow(
      'data',
      name,
      runs.map(({ data }) => {
        const read = data.find((one) => one.name === name);
        return read === undefined ? null : `v${String(read.version)} · ${read.digest.slice(0, 8)}`;
      }),
    ),
  );

/** The places of the runs by a row of theirs: the best first, else the lowest; those without a value last. */
export function placesBy({ cells, better }: CompareRow): number[] {
  const sign = better === 'higher' ? -1 : 1;
  const compare = (a: CompareCell, b: CompareCell): number => {
    const [first, second] = [sortable(a), sortable(b)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    if (typeof first === 'number' && typeof second === 'number') return sign * (first - second);
    return String(first).localeCompare(String(second));
  };
  return cells.map((_, place) => place).sort((a, b) => compare(cells[a]!, cells[b]!) || a - b);
}

/** Parameters are texts; those of digits are numbers. */
function sortable({ text, value }: CompareCell): number | string | null {
  if (text === null) return value;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? text : number;
}

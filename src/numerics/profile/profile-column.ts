import type { ColumnProfile } from '../../shared/contract/types.ts';
import {
  type BooleanColumn,
  type Column,
  isWideInteger,
  microsToIso,
  type NumberColumn,
  type StringColumn,
  type WideIntegerColumn,
} from '../../shared/table/column.ts';
import { equalWidthHistogram } from './histogram.ts';
import { extremes, valuesAtRanks } from './ranks.ts';
import { countValues, largestCounts, type ValueCounts } from './value-counts.ts';

type Cell = ColumnProfile['min'];
type Summary = Omit<ColumnProfile, 'name' | 'type' | 'rows'>;

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const HISTOGRAM_BINS = 40;
const TOP_VALUES = 20;
/** Numbers with more distinct values than this report `distinct: null` and no top values. */
export const DISTINCT_NUMBERS_BOUND = 131_072;

/**
 * What a person wants to know of a column at a glance. Counts, extremes, quantiles (nearest rank) and the histogram
 * are exact. NaN counts as null; infinities are not null but stay out of every statistic. Times are described in
 * microseconds since the epoch except `min`, `max` and `topValues`, which are ISO-8601; they have no mean.
 */
export function profileColumn(column: Column): ColumnProfile {
  const { name, type } = column;
  return { name, type, rows: column.values.length, ...summarise(column) };
}

function summarise(column: Column): Summary {
  if (column.type === 'string') return summariseStrings(column);
  if (column.type === 'bool') return summariseBooleans(column);
  return isWideInteger(column) ? summariseWideIntegers(column) : summariseNumbers(column);
}

function summariseNumbers(column: NumberColumn): Summary {
  const { values, nulls } = finiteValues(column);
  const cell = numberCell(column);
  const counted = countValues(new Int32Array(values.buffer, 0, values.length * 2), DISTINCT_NUMBERS_BOUND);
  const { min, max } = extremes(values);
  const describesTime = column.type === 'timestamp' || column.type === 'date';
  const moments = describesTime ? NO_MOMENTS : momentsOf(values);
  return {
    nulls,
    distinct: counted === null ? null : counted.distinct,
    min: values.length === 0 ? null : cell(min),
    max: values.length === 0 ? null : cell(max),
    ...moments,
    quantiles: quantilesOf(values),
    histogram: equalWidthHistogram(values, { min, max, whole: column.type === 'int64' }, HISTOGRAM_BINS),
    topValues: topOf(counted, (row) => cell(values[row]!)),
  };
}

function summariseWideIntegers(column: WideIntegerColumn): Summary {
  const present =
    column.validity === null ? column.values : column.values.filter((_, row) => column.validity![row] === 1);
  const values = Float64Array.from(present, Number);
  const words = new Int32Array(present.buffer, present.byteOffset, present.length * 2);
  const counted = countValues(words, DISTINCT_NUMBERS_BOUND);
  let least: bigint | null = null;
  let greatest: bigint | null = null;
  for (const value of present) {
    if (least === null || value < least) least = value;
    if (greatest === null || value > greatest) greatest = value;
  }
  return {
    nulls: column.values.length - present.length,
    distinct: counted === null ? null : counted.distinct,
    min: least === null ? null : least.toString(),
    max: greatest === null ? null : greatest.toString(),
    ...momentsOf(values),
    quantiles: quantilesOf(values),
    histogram: equalWidthHistogram(values, { ...extremes(values), whole: false }, HISTOGRAM_BINS),
    topValues: topOf(counted, (row) => present[row]!.toString()),
  };
}

function summariseBooleans(column: BooleanColumn): Summary {
  const counts = new Uint32Array(2);
  for (let row = 0; row < column.values.length; row++) {
    if (column.validity === null || column.validity[row] === 1) {
      const value = column.values[row] === 1 ? 1 : 0;
      counts[value] = counts[value]! + 1;
    }
  }
  const [no, yes] = [counts[0]!, counts[1]!];
  const present = no + yes;
  return {
    ...NOTHING_NUMERIC,
    nulls: column.values.length - present,
    distinct: Math.sign(no) + Math.sign(yes),
    min: present === 0 ? null : no === 0,
    max: present === 0 ? null : yes > 0,
    mean: present === 0 ? null : yes / present,
    topValues: largestCounts(counts, 2).map((value) => ({ value: value === 1, count: counts[value]! })),
  };
}

function summariseStrings(column: StringColumn): Summary {
  const { dictionary, values, validity } = column;
  const counts = new Uint32Array(dictionary.length);
  let present = 0;
  for (let row = 0; row < values.length; row++) {
    if (validity !== null && validity[row] !== 1) continue;
    const entry = values[row]!;
    counts[entry] = counts[entry]! + 1;
    present++;
  }
  let distinct = 0;
  let min: string | null = null;
  let max: string | null = null;
  for (let entry = 0; entry < counts.length; entry++) {
    if (counts[entry] === 0) continue;
    distinct++;
    const text = dictionary[entry]!;
    if (min === null || text < min) min = text;
    if (max === null || text > max) max = text;
  }
  const top = largestCounts(counts, TOP_VALUES);
  return {
    ...NOTHING_NUMERIC,
    nulls: values.length - present,
    distinct,
    min,
    max,
    topValues: tellsNothing(distinct, counts[top[0] ?? -1] ?? 0)
      ? []
      : top.map((entry) => ({ value: dictionary[entry]!, count: counts[entry]! })),
  };
}

const NO_MOMENTS = { mean: null, standardDeviation: null } as const;
const NOTHING_NUMERIC = { ...NO_MOMENTS, quantiles: [], histogram: [] };

/** Present finite values, −0 as 0, in a fresh array. */
function finiteValues(column: NumberColumn): { values: Float64Array; nulls: number } {
  const { values, validity } = column;
  const finite = new Float64Array(values.length);
  let taken = 0;
  let nulls = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if ((validity !== null && validity[row] !== 1) || Number.isNaN(value)) {
      nulls++;
      continue;
    }
    finite[taken] = value + 0;
    taken += value - value === 0 ? 1 : 0;
  }
  return { values: finite.subarray(0, taken), nulls };
}

/** Mean and population standard deviation, by two passes. */
function momentsOf(values: Float64Array): { mean: number | null; standardDeviation: number | null } {
  const count = values.length;
  if (count === 0) return NO_MOMENTS;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i]! / count;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < count; i++) {
    const distance = values[i]! - mean;
    rest += distance / count;
    squares += distance * distance;
  }
  const standardDeviation = Math.sqrt(Math.max(0, squares / count - rest * rest));
  return {
    // what the first pass rounded away; lost itself where distances overflow
    mean: Number.isFinite(rest) ? mean + rest : mean,
    standardDeviation: Number.isFinite(standardDeviation) ? standardDeviation : null,
  };
}

function quantilesOf(values: Float64Array): ColumnProfile['quantiles'] {
  if (values.length === 0) return [];
  const ranks = QUANTILES.map((at) => Math.max(0, Math.ceil(at * values.length) - 1));
  const found = valuesAtRanks(values, ranks);
  return QUANTILES.map((at, i) => ({ at, value: found[i]! }));
}

function topOf(counted: ValueCounts | null, cell: (row: number) => Cell): ColumnProfile['topValues'] {
  if (counted === null) return [];
  const top = counted.top(TOP_VALUES);
  if (tellsNothing(counted.distinct, top[0]?.count ?? 0)) return [];
  return top.map(({ row, count }) => ({ value: cell(row), count }));
}

/** All different: the first twenty would be no more frequent than the rest. */
const tellsNothing = (distinct: number, greatestCount: number): boolean =>
  distinct > TOP_VALUES && greatestCount <= 1;

function numberCell(column: NumberColumn): (value: number) => Cell {
  if (column.type === 'timestamp') return microsToIso;
  if (column.type === 'date') return (value) => microsToIso(value).slice(0, 10);
  return (value) => value;
}

import type { DriftColumn, DriftReport, DriftTest } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import {
  type Column,
  findColumn,
  isPresent,
  type StringColumn,
  type Table,
} from '../../shared/table/column.ts';
import {
  chiSquareTest,
  type DriftScore,
  falseDiscoveryRates,
  jensenShannon,
  stabilityIndex,
} from './cell-scores.ts';
import { categoryCells, quantileCells, shownCategories, shownNumbers } from './cells.ts';
import { kolmogorovDistance, kolmogorovPoint, kolmogorovTail } from './kolmogorov-smirnov.ts';
import { wasserstein } from './wasserstein.ts';

export interface CompareOptions {
  /** One test for every column, or the one that fits its type: KS for numbers and times, chi-square for the rest. */
  readonly tests?: 'auto' | DriftTest;
}

/** Share of false discoveries among the columns reported as drifted (Benjamini-Hochberg). */
const FALSE_DISCOVERY_RATE = 0.05;

type Judged = Omit<DriftColumn, 'qValue' | 'drift'>;

/**
 * Compares each column of the reference with the current data's column of that name. Thresholds are the 99 % points of
 * the scores under no change for exactly these sizes and cells, so that scores of different sizes compare.
 */
export function compareTables(reference: Table, current: Table, options: CompareOptions = {}): DriftReport {
  const judged = reference.columns.flatMap((column) => {
    const other = findColumn(current, column.name);
    return other === undefined ? [] : [compareColumns(column, other, options.tests ?? 'auto')];
  });
  const rates = falseDiscoveryRates(judged.map(({ pValue }) => pValue));
  const columns = judged.map((column, index) => ({
    ...column,
    qValue: rates[index]!,
    drift: rates[index]! <= FALSE_DISCOVERY_RATE,
  }));
  return {
    drift: columns.some(({ drift }) => drift),
    rows: { reference: reference.rows, current: current.rows },
    columns,
  };
}

function compareColumns(reference: Column, current: Column, wanted: 'auto' | DriftTest): Judged {
  if (reference.type !== current.type) {
    throw new FalajError(
      'TYPE_MISMATCH',
      `The column ${reference.name} is ${reference.type} in the reference and ${current.type} now.`,
      {
        hint: 'Leave the column out, or import the data with one type.',
        details: { column: reference.name },
      },
    );
  }
  const facts = {
    name: reference.name,
    type: reference.type,
    missing: { reference: missingShare(reference), current: missingShare(current) },
  };
  const [first, second] = [asCategories(reference), asCategories(current)];
  if (first !== null && second !== null) {
    const test = wanted === 'psi' || wanted === 'js' ? wanted : 'chi2';
    const cells = categoryCells(first, second);
    return {
      ...facts,
      test,
      ...categoryScore(test, cells.reference, cells.current),
      distribution: shownCategories(cells),
    };
  }
  const test = wanted === 'auto' ? 'ks' : wanted;
  const [a, b] = [sortedNumbers(reference), sortedNumbers(current)];
  return { ...facts, test, ...numberScore(test, a, b), distribution: shownNumbers(a, b) };
}

function categoryScore(
  test: 'psi' | 'js' | 'chi2',
  reference: Float64Array,
  current: Float64Array,
): DriftScore {
  if (test === 'chi2') return chiSquareTest(reference, current);
  const used = (counts: Float64Array): Float64Array =>
    counts.filter((_, cell) => reference[cell]! + current[cell]! > 0);
  const [p, q] = [used(reference), used(current)];
  return test === 'psi' ? stabilityIndex(p, q) : jensenShannon(p, q);
}

/** Without values on both sides there is nothing to compare: no score, no alarm; the missing shares tell the rest. */
function numberScore(test: DriftTest, reference: Float64Array, current: Float64Array): DriftScore {
  const [n, m] = [reference.length, current.length];
  if (n === 0 || m === 0) return { score: 0, threshold: 0, pValue: 1 };
  if (test === 'ks') {
    const score = kolmogorovDistance(reference, current);
    return { score, threshold: kolmogorovPoint(0.01, n, m), pValue: kolmogorovTail(score, n, m) };
  }
  if (test === 'wasserstein') return wasserstein(reference, current);
  const cells = quantileCells(reference, current);
  if (test === 'psi') return stabilityIndex(cells.reference, cells.current);
  return test === 'js'
    ? jensenShannon(cells.reference, cells.current)
    : chiSquareTest(cells.reference, cells.current);
}

/** Texts as they are, booleans as two texts, other columns not at all. */
function asCategories(column: Column): StringColumn | null {
  if (column.type === 'string') return column;
  if (column.type !== 'bool') return null;
  return {
    name: column.name,
    type: 'string',
    validity: column.validity,
    values: Uint32Array.from(column.values),
    dictionary: ['false', 'true'],
  };
}

/** The present numbers in ascending order; NaN is missing. */
function sortedNumbers(column: Column): Float64Array {
  const values = new Float64Array(column.values.length);
  let kept = 0;
  for (let row = 0; row < values.length; row++) {
    const value = Number(column.values[row]!);
    if (isPresent(column, row) && !Number.isNaN(value)) values[kept++] = value;
  }
  return values.subarray(0, kept).sort();
}

function missingShare(column: Column): number {
  const rows = column.values.length;
  if (rows === 0) return 0;
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    if (!isPresent(column, row) || Number.isNaN(column.values[row])) missing++;
  }
  return missing / rows;
}

import { FalajError } from '../../shared/errors.ts';
import { inputKind, type Preprocessing, type RawColumn, type Step, type StepPlan, widthOf } from './steps.ts';

const MOST_CATEGORIES = 10_000;
const MOST_BUCKETS = 65_536;

/**
 * Learns each column's step from the training rows alone.
 *
 * @param trainRows row numbers
 * @param labels one per row of the columns; only those of `trainRows` are read, and only by target encodings
 */
export function fitPreprocessing(
  columns: readonly RawColumn[],
  plans: readonly StepPlan[],
  trainRows: Uint32Array,
  labels: ArrayLike<number>,
): Preprocessing {
  if (trainRows.length === 0) throw new FalajError('NO_ROWS', 'There are no training rows.');
  const steps = plans.map((plan) => fitStep(columnOf(columns, plan), plan, trainRows, labels));
  return { steps, width: steps.reduce((sum, step) => sum + widthOf(step), 0) };
}

/** The column that a step reads, of the kind that it needs. */
export function columnOf(columns: readonly RawColumn[], step: Step | StepPlan): RawColumn {
  const column = columns.find(({ name }) => name === step.column);
  if (column === undefined)
    throw new FalajError('UNKNOWN_COLUMN', `There is no column ${step.column}.`, {
      details: { column: step.column },
    });
  if (column.kind !== inputKind(step))
    throw new FalajError(
      'TYPE_MISMATCH',
      `The column ${column.name} holds a ${column.kind}, not a ${inputKind(step)}.`,
      {
        details: { column: column.name },
      },
    );
  return column;
}

function fitStep(column: RawColumn, plan: StepPlan, rows: Uint32Array, labels: ArrayLike<number>): Step {
  const { name } = column;
  if (plan.kind === 'number' && column.kind === 'number') return fitNumber(name, column.values, plan, rows);
  if (plan.kind === 'time' && column.kind === 'time') {
    const { values, sum } = present(name, column.values, rows);
    return { kind: 'time', column: name, fill: Math.round(sum / values.length), parts: plan.parts };
  }
  if (plan.kind === 'hash') {
    if (!(Number.isInteger(plan.buckets) && plan.buckets >= 1 && plan.buckets <= MOST_BUCKETS))
      throw new FalajError('BAD_INPUT', `${name}: buckets is a whole number from 1 to ${MOST_BUCKETS}.`, {
        details: { column: name, buckets: plan.buckets },
      });
    return plan;
  }
  if (column.kind !== 'text' || plan.kind === 'number' || plan.kind === 'time')
    throw new FalajError('TYPE_MISMATCH', `The column ${name} holds a ${column.kind}.`, {
      details: { column: name },
    });
  return fitText(name, column.values, plan, rows, labels);
}

function fitNumber(
  name: string,
  all: Float32Array,
  plan: Extract<StepPlan, { kind: 'number' }>,
  rows: Uint32Array,
): Step {
  const { values, sum } = present(name, all, rows);
  const mean = Math.fround(sum / values.length);
  const sorted = plan.impute === 'median' ? values.sort() : values;
  const fill = { mean, zero: 0, median: sorted[sorted.length >> 1]! }[plan.impute];
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / values.length) || 1;
  return {
    kind: 'number',
    column: name,
    fill,
    centre: plan.scale ? mean : 0,
    factor: plan.scale ? Math.fround(1 / deviation) : 1,
    indicator: plan.indicator,
  };
}

/** The values that are there; a column without any, or with infinite ones, is refused by name. */
function present(
  name: string,
  all: ArrayLike<number>,
  rows: Uint32Array,
): { readonly values: Float64Array; readonly sum: number } {
  const values = new Float64Array(rows.length);
  let [count, sum] = [0, 0];
  for (const row of rows) {
    const value = all[row]!;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value))
      throw new FalajError('BAD_INPUT', `The column ${name} is infinite in row ${row + 1}.`, {
        hint: 'Make it missing, or cap it, in an expression.',
        details: { column: name, row },
      });
    values[count++] = value;
    sum += value;
  }
  if (count === 0)
    throw new FalajError('BAD_INPUT', `The column ${name} has no value in any training row.`, {
      hint: 'Leave the column out.',
      details: { column: name },
    });
  return { values: values.subarray(0, count), sum };
}

function fitText(
  name: string,
  all: readonly (string | null)[],
  plan: Extract<StepPlan, { kind: 'oneHot' | 'ordinal' | 'target' }>,
  rows: Uint32Array,
  labels: ArrayLike<number>,
): Step {
  const counts = new Map<string, { count: number; sum: number }>();
  let total = 0;
  for (const row of rows) {
    const label = labels[row]!;
    total += label;
    const text = all[row];
    if (text === null || text === undefined || text === '') continue;
    const entry = counts.get(text);
    if (entry) {
      entry.count++;
      entry.sum += label;
    } else counts.set(text, { count: 1, sum: label });
  }
  if (counts.size === 0)
    throw new FalajError('BAD_INPUT', `The column ${name} has no value in any training row.`, {
      hint: 'Leave the column out.',
      details: { column: name },
    });
  if (plan.kind === 'oneHot') {
    const frequent = [...counts].sort(([a, one], [b, two]) => two.count - one.count || (a < b ? -1 : 1));
    return { kind: 'oneHot', column: name, values: frequent.slice(0, plan.most).map(([text]) => text) };
  }
  if (counts.size > MOST_CATEGORIES)
    throw new FalajError(
      'BAD_INPUT',
      `The column ${name} has ${counts.size} different texts: too many to learn from.`,
      {
        hint: 'Encode it by hash, or as the most frequent values by oneHot.',
        details: { column: name, texts: counts.size },
      },
    );
  const values = [...counts.keys()].sort();
  if (plan.kind === 'ordinal')
    return {
      kind: 'lookup',
      column: name,
      values,
      numbers: values.map((_, index) => index),
      other: -1,
      missing: -1,
    };
  const overall = total / rows.length;
  const numbers = values.map((text) => {
    const { count, sum } = counts.get(text)!;
    return Math.fround((sum + overall * plan.priorRows) / (count + plan.priorRows));
  });
  return {
    kind: 'lookup',
    column: name,
    values,
    numbers,
    other: Math.fround(overall),
    missing: Math.fround(overall),
  };
}

import type { Task } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';

export interface LabelValues {
  /** One per row; NaN where the label is not known. */
  readonly values: Float32Array;
  readonly missing: number;
  /** Of a label of many classes their names in order: a value is a position in it. */
  readonly classes: readonly string[] | null;
}

const MOST_CLASSES = 256;

/** Reads the label of every row. A label of two classes is 0 or 1, or false or true; one of many may be text. */
export function labelValues(column: Column, rows: number, task: Task): LabelValues {
  if (task === 'multiclass') return classValues(column, rows);
  if (column.type === 'string')
    throw unusable(column.name, 'is text', 'Add an expression that makes it a number or a boolean.');
  const values = new Float32Array(rows);
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    const value = isPresent(column, row) ? Number(column.values[row]!) : Number.NaN;
    values[row] = value;
    if (Number.isNaN(value)) missing++;
    else if (!Number.isFinite(values[row]!))
      throw unusable(
        column.name,
        `is infinite, or beyond 32 bits, in row ${row + 1}: ${value}`,
        'Leave such rows out, or correct them, in an expression.',
      );
    else if (task === 'binary' && value !== 0 && value !== 1) {
      throw unusable(
        column.name,
        'holds other values than 0 and 1',
        'Add an expression such as "delay > 15", or train for regression.',
      );
    }
  }
  if (missing === rows)
    throw unusable(column.name, 'has no value in any row', 'Choose a column that is filled.');
  return { values, missing, classes: null };
}

/** Numbers the classes: numbers in their order, texts in that of their code points. */
function classValues(column: Column, rows: number): LabelValues {
  const nameOf = (row: number): string =>
    column.type === 'string' ? column.dictionary[column.values[row]!]! : String(column.values[row]!);
  const names = new Set<string>();
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    if (!isPresent(column, row)) missing++;
    else if (names.add(nameOf(row)).size > MOST_CLASSES)
      throw unusable(
        column.name,
        `has more than ${MOST_CLASSES} classes`,
        column.type === 'string'
          ? 'Put rare classes together by an expression, or choose another label.'
          : 'Choose another label, or train for regression.',
      );
  }
  if (missing === rows)
    throw unusable(column.name, 'has no value in any row', 'Choose a column that is filled.');
  const classes = [...names];
  if (column.type === 'string') classes.sort();
  else classes.sort((a, b) => Number(a) - Number(b));
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const values = Float32Array.from({ length: rows }, (_, row) =>
    isPresent(column, row) ? numbers.get(nameOf(row))! : Number.NaN,
  );
  return { values, missing, classes };
}

/** Refuses labels from which nothing can be learned, or on which nothing can be measured. */
export function checkVariation(
  name: string,
  parts: readonly { readonly part: string; readonly labels: Float32Array }[],
): void {
  for (const { part, labels } of parts) {
    const first = labels[0];
    if (labels.every((label) => label === first)) {
      throw unusable(
        name,
        `has one value only in the ${part}`,
        'Import rows of both outcomes, or choose another split.',
      );
    }
  }
}

const unusable = (name: string, why: string, hint: string): FalajError =>
  new FalajError('LABEL_UNUSABLE', `The label ${name} ${why}.`, { hint, details: { column: name } });

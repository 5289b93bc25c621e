import type { MatrixRows } from '../linear/index.ts';
import { datePart } from './date-parts.ts';
import { columnOf } from './fit-preprocessing.ts';
import { type Preprocessing, type RawColumn, type Step, widthOf } from './steps.ts';
import { textHash } from './text-hash.ts';

/** The float32 matrix of all rows, column-major. Only steps that leave values missing make missing ones. */
export function applyPreprocessing(
  { steps, width }: Preprocessing,
  columns: readonly RawColumn[],
  rows: number,
): MatrixRows {
  const matrix = new Float32Array(rows * width);
  let at = 0;
  for (const step of steps) {
    const count = widthOf(step);
    applyStep(step, columnOf(columns, step), matrix.subarray(at * rows, (at + count) * rows), rows);
    at += count;
  }
  return { matrix, rows, features: width, from: 0, to: rows };
}

/** Writes the columns that a step makes of all rows into `target`, column after column; those of 0 and 1 expect zeros there. */
export function applyStep(step: Step, column: RawColumn, target: Float32Array, rows: number): void {
  if (step.kind === 'number' && column.kind === 'number') {
    for (let row = 0; row < rows; row++) {
      const value = column.values[row]!;
      const isMissing = Number.isNaN(value);
      target[row] = Math.fround((isMissing ? step.fill : value) - step.centre) * step.factor;
      if (step.indicator) target[rows + row] = isMissing ? 1 : 0;
    }
  } else if (step.kind === 'raw' && column.kind === 'number') {
    target.set(column.values);
  } else if (step.kind === 'time' && column.kind === 'time') {
    for (const [index, part] of step.parts.entries())
      for (let row = 0; row < rows; row++) {
        const value = column.values[row]!;
        target[index * rows + row] = datePart(part, Number.isNaN(value) ? (step.fill ?? value) : value);
      }
  } else if (column.kind === 'text') fillText(step, column.values, target, rows);
}

function fillText(step: Step, texts: readonly (string | null)[], target: Float32Array, rows: number): void {
  if (step.kind === 'lookup') {
    const numbers = new Map(step.values.map((text, index) => [text, step.numbers[index]!]));
    const missing = step.missing ?? Number.NaN;
    for (let row = 0; row < rows; row++) {
      const text = texts[row] ?? '';
      target[row] = text === '' ? missing : (numbers.get(text) ?? step.other);
    }
  } else if (step.kind === 'oneHot') {
    const places = new Map(step.values.map((text, index) => [text, index]));
    for (let row = 0; row < rows; row++) {
      const place = places.get(texts[row] ?? '');
      if (place !== undefined) target[place * rows + row] = 1;
    }
  } else if (step.kind === 'hash') {
    for (let row = 0; row < rows; row++) {
      const text = texts[row] ?? '';
      if (text !== '') target[(textHash(text, step.seed) % step.buckets) * rows + row] = 1;
    }
  }
}

import type { MatrixRows } from '../linear/index.ts';
import { datePart } from './date-parts.ts';
import { columnOf } from './fit-preprocessing.ts';
import { type Preprocessing, type RawColumn, type Step, widthOf } from './steps.ts';
import { textHash } from './text-hash.ts';

/** The float32 matrix of all rows, column-major. No value of it is missing. */
export function applyPreprocessing(
  { steps, width }: Preprocessing,
  columns: readonly RawColumn[],
  rows: number,
): MatrixRows {
  const matrix = new Float32Array(rows * width);
  let at = 0;
  for (const step of steps) {
    const count = widthOf(step);
    fill(step, columnOf(columns, step), matrix.subarray(at * rows, (at + count) * rows), rows);
    at += count;
  }
  return { matrix, rows, features: width, from: 0, to: rows };
}

function fill(step: Step, column: RawColumn, target: Float32Array, rows: number): void {
  if (step.kind === 'number' && column.kind === 'number') {
    for (let row = 0; row < rows; row++) {
      const value = column.values[row]!;
      const isMissing = Number.isNaN(value);
      target[row] = Math.fround((isMissing ? step.fill : value) - step.centre) * step.factor;
      if (step.indicator) target[rows + row] = isMissing ? 1 : 0;
    }
  } else if (step.kind === 'time' && column.kind === 'time') {
    for (const [index, part] of step.parts.entries())
      for (let row = 0; row < rows; row++) {
        const value = column.values[row]!;
        target[index * rows + row] = datePart(part, Number.isNaN(value) ? step.fill : value);
      }
  } else if (column.kind === 'text') fillText(step, column.values, target, rows);
}

function fillText(step: Step, texts: readonly (string | null)[], target: Float32Array, rows: number): void {
  if (step.kind === 'lookup') {
    const numbers = new Map(step.values.map((text, index) => [text, step.numbers[index]!]));
    for (let row = 0; row < rows; row++) target[row] = numbers.get(texts[row] ?? '') ?? step.other;
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

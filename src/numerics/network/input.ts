import type { MatrixRows } from '../linear/index.ts';
import { embeddingSize } from './options.ts';

/** Standardised values are kept within this many deviations: one wild value must not drown a batch. */
export const CLIP_DEVIATIONS = 20;

export interface NumberInput {
  readonly kind: 'number';
  readonly feature: number;
  /** Of the training rows' present values; what a missing value counts as. Representable in float32. */
  readonly mean: number;
  readonly inverseDeviation: number;
}

export interface CategoryInput {
  readonly kind: 'category';
  readonly feature: number;
  /** Known categories; missing and unknown ones share number `categories`. */
  readonly categories: number;
  readonly size: number;
}

export type NetworkInput = NumberInput | CategoryInput;

/** Numbers first, then embeddings: the order of the first layer's columns. */
export function fitInputs(data: MatrixRows, categories: readonly number[]): NetworkInput[] {
  const numbers: NumberInput[] = [];
  const embedded: CategoryInput[] = [];
  for (let feature = 0; feature < data.features; feature++) {
    const count = categories[feature] ?? 0;
    if (count > 0)
      embedded.push({ kind: 'category', feature, categories: count, size: embeddingSize(count) });
    else numbers.push(numberInput(data, feature));
  }
  return [...numbers, ...embedded];
}

function numberInput({ matrix, rows, from, to }: MatrixRows, feature: number): NumberInput {
  const values = matrix.subarray(feature * rows + from, feature * rows + to);
  let [sum, present] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    present++;
  }
  const mean = present === 0 ? 0 : Math.fround(sum / present);
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const inverseDeviation = squares === 0 ? 0 : Math.fround(1 / Math.sqrt(squares / present));
  return { kind: 'number', feature, mean, inverseDeviation };
}

/** Numbers of a row that the first layer reads. */
export const widthOf = (inputs: readonly NetworkInput[]): number =>
  inputs.reduce((sum, input) => sum + (input.kind === 'number' ? 1 : input.size), 0);

/** What the first layer reads of a number, in float32 as the exported graph computes it. */
export function standardise(value: number, { mean, inverseDeviation }: NumberInput): number {
  if (Number.isNaN(value)) return 0;
  const scaled = Math.fround(Math.fround(value - mean) * inverseDeviation);
  return Math.max(-CLIP_DEVIATIONS, Math.min(CLIP_DEVIATIONS, scaled));
}

/** The row of the embedding; the last is for what training has not seen, missing values too. */
export const categoryOf = (value: number, { categories }: CategoryInput): number =>
  value >= 0 && value < categories ? Math.trunc(value) : categories;

import type { Layer } from './parameters.ts';

/** Added to variances, and the share by which each batch moves the running figures: as in PyTorch's BatchNorm1d. */
export const NORM_EPSILON = 1e-5;
export const NORM_MOMENTUM = 0.1;

/** What the way forth leaves for the way back. */
export interface NormTrace {
  /** Standardised by the batch. */
  readonly normalised: Float32Array;
  readonly inverseDeviation: Float64Array;
  readonly means: Float64Array;
  /** Sums over the rows, of one kind and another. */
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** @param normalised where the standardised numbers of a batch go. */
export const normTrace = (normalised: Float32Array, units: number): NormTrace => ({
  normalised,
  inverseDeviation: new Float64Array(units),
  means: new Float64Array(units),
  sums: new Float64Array(units),
  products: new Float64Array(units),
});

/**
 * Batch normalisation (Ioffe and Szegedy 2015), in place: by the batch here, by running figures once learned. Rows are gone
 * through as they lie in memory, which is three times as fast as unit by unit.
 *
 * @param linear rows × units, row-major.
 */
export function normalise(
  { norm, outputs }: Layer,
  linear: Float32Array,
  { normalised, inverseDeviation, means, sums, products: squares }: NormTrace,
  rows: number,
): void {
  if (norm === null) return;
  sums.fill(0);
  squares.fill(0);
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < outputs; unit++) sums[unit]! += linear[at++]!;
  for (let unit = 0; unit < outputs; unit++) means[unit] = sums[unit]! / rows;
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < outputs; unit++) {
      const difference = linear[at++]! - means[unit]!;
      squares[unit]! += difference * difference;
    }
  const { scale, shift, runningMean, runningVariance } = norm;
  for (let unit = 0; unit < outputs; unit++) {
    const variance = squares[unit]! / rows;
    const unbiased = rows > 1 ? squares[unit]! / (rows - 1) : variance;
    inverseDeviation[unit] = 1 / Math.sqrt(variance + NORM_EPSILON);
    runningMean[unit]! += NORM_MOMENTUM * (means[unit]! - runningMean[unit]!);
    runningVariance[unit]! += NORM_MOMENTUM * (unbiased - runningVariance[unit]!);
  }
  const [scales, shifts] = [scale.parameters, shift.parameters];
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < outputs; unit++, at++) {
      const value = Math.fround((linear[at]! - means[unit]!) * inverseDeviation[unit]!);
      normalised[at] = value;
      linear[at] = value * scales[unit]! + shifts[unit]!;
    }
}

/** The way back through {@link normalise}: `gradient` in place, and those of scale and shift. */
export function unnormalise(
  { norm, outputs }: Layer,
  gradient: Float32Array,
  { normalised, inverseDeviation, sums, products }: NormTrace,
  rows: number,
): void {
  if (norm === null) return;
  sums.fill(0);
  products.fill(0);
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < outputs; unit++, at++) {
      sums[unit]! += gradient[at]!;
      products[unit]! += gradient[at]! * normalised[at]!;
    }
  norm.shift.gradients.set(sums);
  norm.scale.gradients.set(products);
  const scales = norm.scale.parameters;
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < outputs; unit++, at++)
      gradient[at] =
        scales[unit]! *
        inverseDeviation[unit]! *
        (gradient[at]! - (sums[unit]! + normalised[at]! * products[unit]!) / rows);
}

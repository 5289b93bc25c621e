/** What a hyperparameter may be. Bounds are inclusive. */
export type Dimension =
  | {
      readonly kind: 'int' | 'logInt' | 'uniform' | 'logUniform';
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'choice'; readonly options: number };

/** By name; values of a choice are its place among the options. */
export type Space = Readonly<Record<string, Dimension>>;
export type Point = Readonly<Record<string, number>>;

export type NumericDimension = Exclude<Dimension, { kind: 'choice' }>;

/** Where a numeric dimension is searched: evenly, or along its logarithm; whole numbers own half a step on either side. */
export function bounds({ kind, low, high }: NumericDimension): {
  readonly from: number;
  readonly to: number;
} {
  const half = kind === 'int' || kind === 'logInt' ? 0.5 : 0;
  return isLogarithmic(kind)
    ? { from: Math.log(low - (low > half ? half : 0)), to: Math.log(high + half) }
    : { from: low - half, to: high + half };
}

/** A value on the axis on which it is searched, which is logarithmic for the dimensions that say so. */
export const toCoordinate = ({ kind }: NumericDimension, value: number): number =>
  isLogarithmic(kind) ? Math.log(value) : value;

/** Whole numbers stay whole; others keep six digits, which is more than any learner tells apart. */
export function fromCoordinate({ kind, low, high }: NumericDimension, coordinate: number): number {
  const value = isLogarithmic(kind) ? Math.exp(coordinate) : coordinate;
  const whole = kind === 'int' || kind === 'logInt' ? Math.round(value) : Number(value.toPrecision(6));
  return Math.min(high, Math.max(low, whole));
}

const isLogarithmic = (kind: Dimension['kind']): boolean => kind === 'logInt' || kind === 'logUniform';

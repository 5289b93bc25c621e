import type { SkewCounts, SkewFeature } from './contract/types.ts';

/** Values that were not served as they should have been. */
export const skewedValues = ({ mismatch, missing, extra }: SkewCounts): number => mismatch + missing + extra;

/** What is skewed most first, then what lateness has changed most. */
export const bySkew = (features: readonly SkewFeature[]): SkewFeature[] =>
  features.toSorted(
    (a, b) =>
      skewedValues(b.asKnown) - skewedValues(a.asKnown) || skewedValues(b.today) - skewedValues(a.today),
  );

import type { DriftColumn } from '../../../shared/contract/types.ts';

/** How far a column's score is beyond what chance allows: 1 is the threshold itself. */
export const driftRatio = ({ score, threshold }: Pick<DriftColumn, 'score' | 'threshold'>): number =>
  threshold > 0 ? score / threshold : 0;

/** Drifted columns first, then by how far they are from their thresholds. */
export const byDrift = (columns: readonly DriftColumn[]): readonly DriftColumn[] =>
  [...columns].sort(
    (a, b) =>
      Number(b.drift) - Number(a.drift) || driftRatio(b) - driftRatio(a) || a.name.localeCompare(b.name),
  );

/** The cell whose share changed most. */
export function largestChange({ distribution }: DriftColumn): number {
  const { reference, current } = distribution;
  let place = 0;
  for (let cell = 1; cell < reference.length; cell++) {
    const change = Math.abs((current[cell] ?? 0) - reference[cell]!);
    if (change > Math.abs((current[place] ?? 0) - reference[place]!)) place = cell;
  }
  return place;
}

import type { Dataset } from '../../../shared/contract/types.ts';
import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';

const MICROS_PER_MILLI = 1000;

/** When the data of views without a known time changed, oldest first, in microseconds. */
export function importTimes(
  views: readonly FeatureViewDefinition[],
  /** Newest first. */
  versions: (dataset: string) => readonly Dataset[],
): number[] {
  const imports = new Set<number>();
  for (const { source } of views) {
    // Pushed rows say themselves when they became known.
    if (source.dataset === undefined || source.push === true) continue;
    const all = versions(source.dataset);
    if ((source.knownTime ?? all[0]?.knownTime ?? null) !== null) continue;
    for (const { importedAt } of all) imports.add(Date.parse(importedAt) * MICROS_PER_MILLI);
  }
  return [...imports].sort((a, b) => a - b);
}

/** How many of the imports had come by that time. */
export function eraOf(imports: readonly number[], time: number): number {
  let low = 0;
  let high = imports.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (imports[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

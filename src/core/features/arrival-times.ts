import type { FeatureViewDefinition } from '../../shared/definitions/features.ts';
import { microsToIso } from '../../shared/table/column.ts';

export interface Arrivals {
  /** When the newest rows of each dataset came in. */
  readonly datasets: readonly { readonly name: string; readonly importedAt: string }[];
  /** When the newest row of a pushed view became known, in microseconds since the epoch; null before the first. */
  readonly newestKnown: (view: string) => number | null;
  readonly viewOf: (name: string) => FeatureViewDefinition | null;
}

/** When the newest rows came into what a view reads, itself or through others; null where nothing did. */
export function arrivalTimes(arrivals: Arrivals): (view: FeatureViewDefinition) => string | null {
  const times = new Map(arrivals.datasets.map(({ name, importedAt }) => [name, importedAt]));
  const timeOf = ({ name, source }: FeatureViewDefinition): string | null => {
    if (source.push === true) {
      const known = arrivals.newestKnown(name);
      return known === null ? null : microsToIso(known);
    }
    if (source.view === undefined) return times.get(source.dataset ?? '') ?? null;
    const base = arrivals.viewOf(source.view);
    return base === null ? null : timeOf(base);
  };
  return timeOf;
}

import type { Dataset } from '../../../shared/contract/types.ts';
import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import type { DataRoom } from '../../data/index.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';

/** The version of a dataset that a view reads. */
export interface SourceVersion {
  readonly dataset: Dataset;
  /** False: nothing of the dataset was known by the cut-off, so it counts as empty. */
  readonly known: boolean;
}

const MICROS_PER_MILLI = 1000;

/**
 * Which version answers a question of what was known. Where rows say themselves when they became known, the newest does:
 * the join leaves out what came later. Where they do not, a row is known from the import that brought it, so it is the
 * newest version that was there by the cut-off. `row` cuts by a column alone: an import says nothing about the moment of
 * a row in the past.
 */
export function sourceAsKnown(
  view: FeatureViewDefinition,
  /** Newest first, at least one. */
  versions: readonly Dataset[],
  asKnown: 'row' | number | null,
): SourceVersion {
  const newest = versions[0]!;
  const knownTime = view.source.knownTime ?? newest.knownTime;
  if (typeof asKnown !== 'number' || knownTime !== null) return { dataset: newest, known: true };
  const found = versions.find(({ importedAt }) => Date.parse(importedAt) * MICROS_PER_MILLI <= asKnown);
  return found === undefined ? { dataset: versions.at(-1)!, known: false } : { dataset: found, known: true };
}

/**
 * A row's sequence is its place in the order of arrival, counted from 1, those included that were corrected later; this is
 * the greatest that the view may use.
 */
export const highestSequence = ({ dataset, known }: SourceVersion): number =>
  known ? dataset.parts.reduce((sum, { rows }) => sum + rows, 0) : 0;

/** Chooses each view's source by what was known. */
export const knownSources =
  (data: Pick<DataRoom, 'versions'>, sources: JoinedData, asKnown: 'row' | number | null) =>
  ({ view }: PlannedView): SourceVersion => {
    const name = view.source.dataset!;
    // Pushed rows say themselves when they became known.
    if (view.source.push === true) return { dataset: sources.get({ name }), known: true };
    return sourceAsKnown(view, data.versions({ name }), asKnown);
  };

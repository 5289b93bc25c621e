import type { JoinedData } from '../join/joined-data.ts';
import { pushedViewOf } from '../pushed-source.ts';
import type { SetFacts } from './describe-set.ts';

/** The set with a digest of the pushed rows that its views have read: a join does without. */
export const withDigests = <Set extends SetFacts>(sources: JoinedData, set: Set): Set => ({
  ...set,
  views: set.views.map((view) => {
    if (view.source === null || pushedViewOf(view.source.dataset.name) === null) return view;
    const { name, version } = view.source.dataset;
    return { ...view, source: { ...view.source, dataset: sources.get({ name, version }) } };
  }),
});

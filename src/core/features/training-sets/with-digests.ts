import { pushedViewOf, type RecordedData } from '../pushed-source.ts';
import type { SetFacts } from './describe-set.ts';

/** The set with a digest of the pushed rows that its views have read: a join does without. */
export async function withDigests<Set extends SetFacts>(
  sources: Pick<RecordedData, 'digested'>,
  set: Set,
): Promise<Set> {
  const views: SetFacts['views'][number][] = [];
  for (const view of set.views) {
    if (view.source === null || pushedViewOf(view.source.dataset.name) === null) views.push(view);
    else {
      const { name, version } = view.source.dataset;
      const dataset = await sources.digested({ name, version });
      views.push({ ...view, source: { ...view.source, dataset } });
    }
  }
  return { ...set, views };
}

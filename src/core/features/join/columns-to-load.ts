import type { Dataset } from '../../../shared/contract/types.ts';
import type { PlannedView } from './join-plan.ts';

/** What the view reads of a dataset as it stands, and whatever its SQL mentions: a column too many costs time only. */
export function columnsToLoad(planned: PlannedView, dataset: Dataset): Set<string> {
  const { source } = planned.view;
  const used = mentionedColumns(
    planned,
    dataset.columns.map((column) => column.name),
  );
  for (const time of [source.eventTime ?? dataset.eventTime, source.knownTime ?? dataset.knownTime])
    if (time !== null) used.add(time);
  for (const key of planned.keys) used.add(key.source);
  return used;
}

/** Those of the columns that the view's features or its filter read. */
export function mentionedColumns(planned: PlannedView, columns: readonly string[]): Set<string> {
  const used = new Set(
    planned.features.map((feature) => feature.aggregate?.of ?? feature.column ?? feature.name),
  );
  const { filter = '' } = planned.view.source;
  const sql = [filter, ...wantedExpressions(planned).map(({ expression }) => expression)]
    .join(' ')
    .toLowerCase();
  return new Set(
    columns.filter((name) => used.has(name) || sql.includes(name.toLowerCase().replaceAll('"', '""'))),
  );
}

/** The expressions behind the features asked for, and behind what these aggregate. */
export function wantedExpressions({ view, features }: PlannedView): { name: string; expression: string }[] {
  const wanted = new Set(features.map((feature) => feature.aggregate?.of ?? feature.name));
  return view.features.flatMap(({ name, expression }) =>
    expression === undefined || !wanted.has(name) ? [] : [{ name, expression }],
  );
}

import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from '../join/joined-view.ts';
import { pushedColumns } from '../pushed-source.ts';
import type { PlacedDefinition } from './definition.ts';
import { type DatasetFacts, fault, type Known, requireDefinition } from './known-definitions.ts';

/** A view of pushed rows says no more of its source: names and times are given. */
export function checkPushedView(placed: PlacedDefinition, { source }: FeatureViewDefinition): void {
  for (const name of ['eventTime', 'knownTime', 'zone', 'filter'] as const) {
    if (source[name] === undefined) continue;
    throw fault(placed, ['source', name], `pushed rows have no "${name}".`, 'Leave it out.');
  }
  if (Object.keys(source.keys).length > 0) {
    throw fault(
      placed,
      ['source', 'keys'],
      'pushed rows name their keys as the entity does.',
      'Leave source.keys out.',
    );
  }
}

/** What the rows that are pushed to a view hold. */
export function pushedFacts(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  known: Known,
): DatasetFacts {
  const entities = view.entities.map((name, index) =>
    requireDefinition(placed, ['entities', index], known, 'Entity', name),
  );
  return {
    columns: pushedColumns(view, entities),
    eventTime: PUSHED_EVENT_TIME,
    knownTime: PUSHED_KNOWN_TIME,
  };
}

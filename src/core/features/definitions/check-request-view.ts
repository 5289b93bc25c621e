import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { PlacedDefinition } from './definition.ts';
import { fault } from './known-definitions.ts';

/** A view without a history: what comes with a request is computed upon and forgotten. */
export function checkRequestView(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  keys: readonly ColumnSchema[],
): void {
  if (view.ttl !== undefined)
    throw fault(placed, ['ttl'], 'features of a request are never old: leave ttl out.');
  const { keys: mapping, ...source } = view.source;
  for (const setting of ['eventTime', 'knownTime', 'zone', 'filter'] as const) {
    if (source[setting] !== undefined)
      throw fault(placed, ['source', setting], `a request has no history: leave ${setting} out.`);
  }
  if (Object.keys(mapping).length > 0)
    throw fault(placed, ['source', 'keys'], 'the keys of a request are the columns of its entities.');
  const seen = new Set(keys.map(({ name }) => name));
  (source.request ?? []).forEach(({ name }, index) => {
    if (seen.has(name))
      throw fault(placed, ['source', 'request', index], `column "${name}" is there already, or is a key.`);
    seen.add(name);
  });
  view.features.forEach((feature, index) => {
    if (feature.expression !== undefined) return;
    const way = feature.aggregate === undefined ? 'column' : 'aggregate';
    throw fault(
      placed,
      ['features', index, way],
      `feature "${feature.name}" of a request must be an expression${way === 'aggregate' ? ': there is no history to aggregate' : ''}.`,
    );
  });
}

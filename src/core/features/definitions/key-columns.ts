import type { EntityDefinition, FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { PlacedDefinition } from './definition.ts';
import { type Known, requireDefinition } from './known-definitions.ts';

/** The key columns of a view's entities. */
export function keyColumns(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  view: FeatureViewDefinition,
  known: Known,
): (ColumnSchema & { readonly entity: EntityDefinition })[] {
  return view.entities.flatMap((name, index) => {
    const entity = requireDefinition(placed, [...path, index], known, 'Entity', name);
    return entity.keys.map((key) => ({ ...key, entity }));
  });
}

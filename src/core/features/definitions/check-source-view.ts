import type { FeatureDefinition, FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { pushedFacts } from './check-pushed-view.ts';
import type { PlacedDefinition } from './definition.ts';
import { keyColumns } from './key-columns.ts';
import {
  type DatasetFacts,
  fault,
  type Known,
  requireDataset,
  requireDefinition,
} from './known-definitions.ts';

/** The view that another one reads, which must have rows and the same keys. */
export function checkSourceView(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  known: Known,
): FeatureViewDefinition {
  const path = ['source', 'view'];
  const source = requireDefinition(placed, path, known, 'FeatureView', view.source.view!);
  checkNoCircle(placed, view, known);
  const windowed = source.features.find((feature) => feature.aggregate !== undefined);
  if (windowed !== undefined) {
    throw fault(
      placed,
      path,
      `view "${source.name}" has a windowed feature "${windowed.name}", whose value changes between rows: there is no history of it to read.`,
      'Put the row-wise features into a view of their own and read that one.',
    );
  }
  if (source.source.request !== undefined)
    throw fault(placed, path, `view "${source.name}" is computed from requests and has no history to read.`);
  for (const setting of ['eventTime', 'knownTime', 'zone'] as const) {
    if (view.source[setting] !== undefined)
      throw fault(placed, ['source', setting], `the times are those of view "${source.name}".`);
  }
  if (Object.keys(view.source.keys).length > 0)
    throw fault(placed, ['source', 'keys'], `the keys are those of view "${source.name}".`);
  if (view.entities.toSorted().join() !== source.entities.toSorted().join()) {
    throw fault(
      placed,
      ['entities'],
      `the entities must be those of view "${source.name}": ${source.entities.join(', ') || 'none'}.`,
    );
  }
  return source;
}

function checkNoCircle(placed: PlacedDefinition, view: FeatureViewDefinition, known: Known): void {
  const trail = [view.name];
  let next = view.source.view;
  while (next !== undefined) {
    const circle = trail.includes(next);
    trail.push(next);
    if (circle) {
      throw fault(placed, ['source', 'view'], `views read each other in a circle: ${trail.join(' → ')}.`);
    }
    next = requireDefinition(placed, ['source', 'view'], known, 'FeatureView', next).source.view;
  }
}

/** What the rows hold that a view's filter and features are computed from. */
export function sourceFacts(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  known: Known,
): Pick<DatasetFacts, 'columns'> {
  const { source } = view;
  const path = ['source', 'view'];
  if (source.request !== undefined)
    return { columns: [...keyColumns(placed, path, view, known), ...source.request] };
  if (source.push === true) return pushedFacts(placed, view, known);
  if (source.view === undefined) return requireDataset(placed, path, known, source.dataset!);
  return viewFacts(placed, requireDefinition(placed, path, known, 'FeatureView', source.view), known);
}

/** What the rows of a view look like to one that reads them: its keys, and its features of other names. */
export function viewFacts(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  known: Known,
): Pick<DatasetFacts, 'columns'> {
  const path = ['source', 'view'];
  const below = sourceFacts(placed, view, known);
  const typeOf = (feature: FeatureDefinition): ColumnSchema['type'] => {
    const column = feature.expression === undefined ? (feature.column ?? feature.name) : null;
    return below.columns.find(({ name }) => name === column)?.type ?? feature.type;
  };
  const keys = keyColumns(placed, path, view, known);
  const names = new Set(keys.map(({ name }) => name));
  const features = view.features
    .filter(({ name }) => !names.has(name))
    .map((feature) => ({ name: feature.name, type: typeOf(feature) }));
  return { columns: [...keys, ...features] };
}

import type {
  FeatureServiceDefinition,
  FeatureViewDefinition,
} from '../../../shared/definitions/features.ts';
import type { AnyTraining } from '../../../shared/definitions/training.ts';
import { parseFeatureReference } from '../../../shared/definitions/view-reference.ts';
import { checkDataset } from './check-dataset.ts';
import { checkView } from './check-view.ts';
import type { PlacedDefinition } from './definition.ts';
import { keyColumns } from './key-columns.ts';
import {
  checkTimeColumn,
  fault,
  type Known,
  requireColumn,
  requireDataset,
  requireDefinition,
  requireView,
  suggest,
} from './known-definitions.ts';

/**
 * Checks that everything a definition names is there and fits.
 *
 * @throws BAD_DEFINITION naming file and line.
 */
export function checkReferences(placed: PlacedDefinition, known: Known): void {
  const { definition } = placed;
  switch (definition.kind) {
    case 'Dataset':
      checkDataset(placed, definition, known);
      return;
    case 'Entity':
      return;
    case 'FeatureView':
      checkView(placed, definition, known);
      return;
    case 'FeatureService':
      checkService(placed, definition, known);
      return;
    case 'Training':
      checkTraining(placed, definition, known);
      return;
  }
}

function checkService(placed: PlacedDefinition, service: FeatureServiceDefinition, known: Known): void {
  service.features.forEach((selection, index) => {
    const path = ['features', index];
    if (typeof selection === 'string') {
      const { view: reference, feature } = parseFeatureReference(selection);
      const view = requireView(placed, path, known, reference);
      if (feature !== '*') requireFeature(placed, path, view, feature);
      return;
    }
    const view = requireView(placed, [...path, 'view'], known, selection.view);
    checkMapping(placed, [...path, 'keys'], view, selection.keys, known);
    for (const [at, name] of (selection.features ?? []).entries()) {
      requireFeature(placed, [...path, 'features', at], view, name);
    }
  });
}

/** A service may say which columns of the entities stand for a view's keys and request columns. */
function checkMapping(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  view: FeatureViewDefinition,
  mapping: Readonly<Record<string, string>>,
  known: Known,
): void {
  const names = [
    ...keyColumns(placed, path, view, known).map((key) => key.name),
    ...(view.source.request ?? []).map((column) => column.name),
  ];
  const unknown = Object.keys(mapping).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw fault(
    placed,
    [...path, unknown],
    `view "${view.name}" has no key "${unknown}".`,
    suggest(unknown, names),
  );
}

function requireFeature(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  view: FeatureViewDefinition,
  name: string,
): void {
  if (view.features.some((feature) => feature.name === name)) return;
  throw fault(
    placed,
    path,
    `view "${view.name}" has no feature "${name}".`,
    suggest(
      name,
      view.features.map((feature) => feature.name),
    ),
  );
}

function checkTraining(placed: PlacedDefinition, training: AnyTraining, known: Known): void {
  const dataset = requireDataset(placed, ['entities', 'dataset'], known, training.entities.dataset);
  if (training.service !== undefined)
    requireDefinition(placed, ['service'], known, 'FeatureService', training.service);
  for (const [index, name] of training.columns.entries())
    requireColumn(placed, ['columns', index], dataset, name);
  if (training.entities.eventTime !== undefined)
    checkTimeColumn(placed, ['entities', 'eventTime'], dataset, training.entities.eventTime);
  if (training.label.expression === undefined)
    requireColumn(placed, ['label', 'column'], dataset, training.label.column);
  if (training.baseline !== undefined)
    requireColumn(placed, ['baseline', 'groupBy'], dataset, training.baseline.groupBy);
  if (training.weight !== undefined) requireColumn(placed, ['weight'], dataset, training.weight);
  if (training.split.group !== undefined)
    requireColumn(placed, ['split', 'group'], dataset, training.split.group);
  const features = new Set(training.expressions.map(({ name }) => name));
  for (const [index, name] of (training.evaluate?.slices ?? []).entries()) {
    // What a service's features are called is known once they are joined.
    if (!features.has(name) && training.service === undefined)
      requireColumn(placed, ['evaluate', 'slices', index], dataset, name);
  }
}

import type {
  EntityDefinition,
  FeatureServiceDefinition,
  FeatureViewDefinition,
} from '../../../shared/definitions/features.ts';
import type { TrainingDefinition } from '../../../shared/definitions/training.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { nearestName } from '../../../shared/nearest-name.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { type Definition, definitionId, type PlacedDefinition } from './definition.ts';
import { badDefinition } from './parse-documents.ts';

/** What a definition may know of a dataset. */
export interface DatasetFacts {
  readonly columns: readonly ColumnSchema[];
  readonly eventTime: string | null;
  readonly knownTime: string | null;
}

export interface Known {
  /** All definitions as they would be after applying, by kind and name. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly dataset: (name: string) => DatasetFacts | null;
}

/** Checks that everything a definition names is there and fits. Throws BAD_DEFINITION naming file and line. */
export function checkReferences(placed: PlacedDefinition, known: Known): void {
  const { definition } = placed;
  switch (definition.kind) {
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

const fault = (
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  message: string,
  hint = '',
): FalajError => badDefinition(placed.place.file, placed.lineOf(path), message, { hint });

function lookUp<Kind extends Definition['kind']>(
  known: Known,
  kind: Kind,
  name: string,
): Extract<Definition, { kind: Kind }> | undefined {
  return known.definitions.get(definitionId({ kind, name })) as
    | Extract<Definition, { kind: Kind }>
    | undefined;
}

const namesOf = (known: Known, kind: Definition['kind']): string[] =>
  [...known.definitions.values()].filter((definition) => definition.kind === kind).map(({ name }) => name);

function requireDefinition<Kind extends Definition['kind']>(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  known: Known,
  kind: Kind,
  name: string,
): Extract<Definition, { kind: Kind }> {
  const found = lookUp(known, kind, name);
  if (found !== undefined) return found;
  throw fault(placed, path, `there is no ${kind} "${name}".`, suggest(name, namesOf(known, kind)));
}

function requireDataset(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  known: Known,
  name: string,
): DatasetFacts {
  const dataset = known.dataset(name);
  if (dataset !== null) return dataset;
  throw fault(
    placed,
    path,
    `there is no dataset "${name}".`,
    `Import it first: falaj data import FILE --name ${name}`,
  );
}

function requireColumn(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  dataset: DatasetFacts,
  name: string,
): ColumnSchema {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  throw fault(
    placed,
    path,
    `there is no column "${name}" in the dataset.`,
    suggest(
      name,
      dataset.columns.map((candidate) => candidate.name),
    ),
  );
}

const suggest = (name: string, candidates: readonly string[]): string => {
  const nearest = nearestName(name, candidates);
  return nearest === null ? '' : `Did you mean "${nearest}"?`;
};

const isTime = (column: ColumnSchema): boolean => column.type === 'timestamp' || column.type === 'date';

function checkTimeColumn(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  dataset: DatasetFacts,
  name: string,
): void {
  const column = requireColumn(placed, path, dataset, name);
  if (!isTime(column)) throw fault(placed, path, `column "${name}" is ${column.type}, not a time.`);
}

function checkView(placed: PlacedDefinition, view: FeatureViewDefinition, known: Known): void {
  const dataset = requireDataset(placed, ['source', 'dataset'], known, view.source.dataset);
  const eventTime = view.source.eventTime ?? dataset.eventTime;
  if (eventTime === null) {
    throw fault(
      placed,
      ['source'],
      'the source has no event time.',
      'Set source.eventTime, or import the dataset with --event-time.',
    );
  }
  checkTimeColumn(placed, ['source', 'eventTime'], dataset, eventTime);
  const knownTime = view.source.knownTime ?? dataset.knownTime;
  if (knownTime !== null) checkTimeColumn(placed, ['source', 'knownTime'], dataset, knownTime);
  view.entities.forEach((name, index) => {
    const entity = requireDefinition(placed, ['entities', index], known, 'Entity', name);
    checkKeys(placed, view, dataset, entity);
  });
  const seen = new Set<string>();
  view.features.forEach((feature, index) => {
    const path = ['features', index];
    if (seen.has(feature.name)) throw fault(placed, path, `feature "${feature.name}" is defined twice.`);
    seen.add(feature.name);
    const ways = [feature.column, feature.aggregate, feature.expression].filter((way) => way !== undefined);
    if (ways.length > 1)
      throw fault(
        placed,
        path,
        `feature "${feature.name}" has more than one of column, aggregate and expression.`,
      );
    const expressions = new Set(
      view.features.filter((other) => other.expression !== undefined).map((other) => other.name),
    );
    if (feature.aggregate !== undefined) {
      // An aggregate may also run over a row-wise expression of the same view, and a count over whole rows.
      const { fn, of } = feature.aggregate;
      if (!(fn === 'count' && of === '*') && !expressions.has(of)) {
        requireColumn(placed, [...path, 'aggregate', 'of'], dataset, of);
      }
    } else if (feature.expression === undefined) {
      requireColumn(placed, [...path, 'column'], dataset, feature.column ?? feature.name);
    }
  });
}

function checkKeys(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  dataset: DatasetFacts,
  entity: EntityDefinition,
): void {
  for (const key of entity.keys) {
    const path = ['source', 'keys', key.name];
    const column = requireColumn(placed, path, dataset, view.source.keys[key.name] ?? key.name);
    if (column.type !== key.type) {
      throw fault(
        placed,
        path,
        `key "${key.name}" of ${entity.name} is ${key.type}, but column "${column.name}" is ${column.type}.`,
      );
    }
  }
}

function checkService(placed: PlacedDefinition, service: FeatureServiceDefinition, known: Known): void {
  service.features.forEach((selection, index) => {
    const path = ['features', index];
    if (typeof selection === 'string') {
      const [viewName, featureName] = selection.split(':') as [string, string];
      const view = requireDefinition(placed, path, known, 'FeatureView', viewName);
      if (featureName !== '*') requireFeature(placed, path, view, featureName);
      return;
    }
    const view = requireDefinition(placed, [...path, 'view'], known, 'FeatureView', selection.view);
    for (const [at, name] of (selection.features ?? []).entries()) {
      requireFeature(placed, [...path, 'features', at], view, name);
    }
  });
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

function checkTraining(placed: PlacedDefinition, training: TrainingDefinition, known: Known): void {
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
}

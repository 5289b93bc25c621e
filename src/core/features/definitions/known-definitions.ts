import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import { parseViewReference } from '../../../shared/definitions/view-reference.ts';
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
  /** A view by name, or one of its versions by name@version. */
  readonly view: (reference: string) => FeatureViewDefinition | undefined;
}

export const fault = (
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

export function requireDefinition<Kind extends Definition['kind']>(
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

export function requireView(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  known: Known,
  reference: string,
): FeatureViewDefinition {
  const { name, version } = parseViewReference(reference);
  if (version === null) return requireDefinition(placed, path, known, 'FeatureView', name);
  const view = known.view(reference);
  if (view !== undefined) return view;
  throw fault(
    placed,
    path,
    `there is no version ${version} of FeatureView "${name}".`,
    `falaj features show ${name} lists the versions.`,
  );
}

export function requireDataset(
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

export function requireColumn(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  dataset: Pick<DatasetFacts, 'columns'>,
  name: string,
): ColumnSchema {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  throw fault(
    placed,
    path,
    `there is no column "${name}" in the source.`,
    suggest(
      name,
      dataset.columns.map((candidate) => candidate.name),
    ),
  );
}

export const suggest = (name: string, candidates: readonly string[]): string => {
  const nearest = nearestName(name, candidates);
  return nearest === null ? '' : `Did you mean "${nearest}"?`;
};

const isTime = (column: ColumnSchema): boolean => column.type === 'timestamp' || column.type === 'date';

export function checkTimeColumn(
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  dataset: DatasetFacts,
  name: string,
): ColumnSchema {
  const column = requireColumn(placed, path, dataset, name);
  if (!isTime(column)) throw fault(placed, path, `column "${name}" is ${column.type}, not a time.`);
  return column;
}

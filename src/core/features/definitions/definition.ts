import { z } from 'zod';
import { datasetDefinition } from '../../../shared/definitions/datasets.ts';
import {
  entityDefinition,
  featureServiceDefinition,
  featureViewDefinition,
} from '../../../shared/definitions/features.ts';
import { trainingDefinition } from '../../../shared/definitions/training.ts';

/** Everything that a definition file may hold, told apart by `kind`. */
export const definitionSchema = z.discriminatedUnion('kind', [
  datasetDefinition,
  entityDefinition,
  featureViewDefinition,
  featureServiceDefinition,
  trainingDefinition,
]);

export type Definition = z.infer<typeof definitionSchema>;
export type DefinitionKind = Definition['kind'];
export type OfKind<Kind extends DefinitionKind> = Extract<Definition, { kind: Kind }>;

/** In the order in which one refers to the other. */
export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  'Dataset',
  'Entity',
  'FeatureView',
  'FeatureService',
  'Training',
];

export const definitionId = (definition: { kind: string; name: string }): string =>
  `${definition.kind}/${definition.name}`;

/** Where in which file something stands, for errors. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

export interface PlacedDefinition {
  readonly definition: Definition;
  readonly place: SourcePlace;
  /** The line of a value inside the document, such as `['features', 2, 'column']`. */
  lineOf(path: readonly PropertyKey[]): number;
}

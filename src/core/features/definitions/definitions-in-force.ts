import { viewReferenceOf } from '../../../shared/definitions/view-reference.ts';
import type { Definitions } from './definitions.ts';

export interface ViewInForce {
  readonly name: string;
  readonly version: number;
  /** Null for a view that reads another one, or what comes with a request. */
  readonly dataset: string | null;
  readonly base: ViewInForce | null;
}

export interface ServiceInForce {
  readonly name: string;
  readonly version: number;
  readonly views: readonly ViewInForce[];
}

export interface DefinitionsInForce {
  readonly views: readonly ViewInForce[];
  readonly services: readonly ServiceInForce[];
}

/** Which dataset each view reads and which views each service, as the definitions in force say it. */
export function definitionsInForce(definitions: Definitions): DefinitionsInForce {
  const viewOf = (reference: string): ViewInForce => {
    const { definition, version } = definitions.revision('FeatureView', reference);
    const { dataset, view } = definition.source;
    return {
      name: definition.name,
      version,
      dataset: dataset ?? null,
      base: view === undefined ? null : viewOf(view),
    };
  };
  return {
    views: definitions.list('FeatureView').map(({ definition }) => viewOf(definition.name)),
    services: definitions.list('FeatureService').map(({ definition, version }) => ({
      name: definition.name,
      version,
      views: [...new Set(definition.features.map(viewReferenceOf))].map(viewOf),
    })),
  };
}

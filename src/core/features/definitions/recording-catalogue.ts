import type { EntityDefinition, FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import type { DefinitionKind } from './definition.ts';
import type { DefinitionRevision, RevisionFacts } from './definition-history.ts';

/** Training sets name their data by its versions; what an import takes is not theirs to name. */
type UsedKind = Exclude<DefinitionKind, 'Dataset'>;

/** A definition that a request made use of, and the name by which it asked for it. */
export interface UsedDefinition extends Omit<RevisionFacts, 'appliedAt'> {
  readonly kind: UsedKind;
  readonly name: string;
  readonly reference: string;
  /** Of a view: not part of its version, yet it decides which values expire. */
  readonly ttl: string | null;
}

export type RevisionLookup = <Kind extends DefinitionKind>(
  kind: Kind,
  reference: string,
) => DefinitionRevision<Kind>;

/** Hands out definitions, each read once, and remembers which: what a receipt has to name. */
export class RecordingCatalogue {
  readonly #lookUp: RevisionLookup;
  readonly #views = new Map<string, DefinitionRevision<'FeatureView'>>();
  readonly #entities = new Map<string, DefinitionRevision<'Entity'>>();
  readonly #used = new Map<string, UsedDefinition>();

  constructor(lookUp: RevisionLookup) {
    this.#lookUp = lookUp;
  }

  view(reference: string): FeatureViewDefinition {
    let kept = this.#views.get(reference);
    if (kept === undefined) {
      kept = this.#lookUp('FeatureView', reference);
      this.#views.set(reference, kept);
      this.#record(reference, kept.definition, kept, kept.definition.ttl ?? null);
    }
    return kept.definition;
  }

  entity(name: string): EntityDefinition {
    let kept = this.#entities.get(name);
    if (kept === undefined) {
      kept = this.#lookUp('Entity', name);
      this.#entities.set(name, kept);
      this.#record(name, kept.definition, kept);
    }
    return kept.definition;
  }

  /** A definition of another kind that the request stands on. */
  take<Kind extends 'FeatureService' | 'Training'>(kind: Kind, name: string): DefinitionRevision<Kind> {
    const revision = this.#lookUp(kind, name);
    this.#record(name, { kind, name }, revision);
    return revision;
  }

  /** In the order in which they were asked for. */
  get used(): readonly UsedDefinition[] {
    return [...this.#used.values()];
  }

  #record(
    reference: string,
    { kind, name }: { readonly kind: UsedKind; readonly name: string },
    { version, revision, digest }: RevisionFacts,
    ttl: string | null = null,
  ): void {
    this.#used.set(`${kind}/${reference}`, { kind, name, reference, version, revision, digest, ttl });
  }
}

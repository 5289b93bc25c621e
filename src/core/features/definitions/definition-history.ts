import type { Store } from '../../store/index.ts';
import { type Definition, type DefinitionKind, definitionSchema, type OfKind } from './definition.ts';
import { bodyDigest } from './definition-change.ts';

/** A definition as it once was applied. A version may have several revisions that differ in metadata alone. */
export interface DefinitionRevision<Kind extends DefinitionKind> extends RevisionFacts {
  readonly definition: OfKind<Kind>;
}

export interface RevisionFacts {
  readonly version: number;
  readonly revision: number;
  /** SHA-256 of the canonical form of its body. */
  readonly digest: string;
  readonly appliedAt: string;
}

interface RevisionRow {
  readonly revision: number;
  readonly version: number;
  readonly body: string;
  readonly applied_at: number;
}

/** Every definition that was ever applied, also of those that are no longer in force. Nothing is changed or removed. */
export class DefinitionHistory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Inside the transaction of the change. Revisions count on through a deletion. */
  append(definition: Definition, version: number, body: string, appliedAtMs: number): void {
    const { kind, name } = definition;
    this.#store
      .statement(
        `INSERT INTO feature_definition_version (kind, name, revision, version, body, applied_at)
         SELECT ?, ?, coalesce(max(revision), 0) + 1, ?, ?, ?
         FROM feature_definition_version WHERE kind = ? AND name = ?`,
      )
      .run(kind, name, version, body, appliedAtMs, kind, name);
  }

  /** Newest first; empty for a name that never was. */
  revisions<Kind extends DefinitionKind>(kind: Kind, name: string): DefinitionRevision<Kind>[] {
    return this.#store
      .statement<RevisionRow>(
        `SELECT revision, version, body, applied_at FROM feature_definition_version
         WHERE kind = ? AND name = ? ORDER BY revision DESC`,
      )
      .all(kind, name)
      .map((row) => ({
        definition: definitionSchema.parse(JSON.parse(row.body)) as OfKind<Kind>,
        version: row.version,
        revision: row.revision,
        digest: bodyDigest(row.body),
        appliedAt: new Date(row.applied_at).toISOString(),
      }));
  }

  lastVersion(kind: DefinitionKind, name: string): number {
    return (
      this.#store
        .statement<{ version: number | null }>(
          'SELECT max(version) AS version FROM feature_definition_version WHERE kind = ? AND name = ?',
        )
        .get(kind, name)?.version ?? 0
    );
  }
}

import type { z } from 'zod';
import type { definitionsInput } from '../../../shared/contract/features.ts';
import type { ChangedRoom, PlannedChange } from '../../../shared/contract/types.ts';
import { parseViewReference } from '../../../shared/definitions/view-reference.ts';
import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { Store } from '../../store/index.ts';
import {
  appliedEarlier,
  checkAll,
  checkAllExpressions,
  type DefinitionsAfter,
} from './broken-definitions.ts';
import {
  type Definition,
  type DefinitionKind,
  definitionId,
  definitionSchema,
  type OfKind,
} from './definition.ts';
import { changesVersion } from './definition-change.ts';
import { DefinitionHistory, type DefinitionRevision } from './definition-history.ts';
import type { DatasetFacts } from './known-definitions.ts';
import { parseDocuments } from './parse-documents.ts';
import { planChanges } from './plan-changes.ts';
import { refusePrograms } from './refuse-programs.ts';

export interface DefinitionsOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly dataset: (name: string) => DatasetFacts | null;
}

export interface StoredDefinition<Kind extends DefinitionKind = DefinitionKind> {
  readonly definition: OfKind<Kind>;
  readonly version: number;
  readonly appliedAt: string;
}

interface Row {
  kind: string;
  name: string;
  version: number;
  body: string;
  applied_at: number;
}

export type DefinitionsInput = z.output<typeof definitionsInput> & {
  /** Definitions that start programs are refused where the one who asks may start none. */
  readonly mayStartPrograms?: boolean | undefined;
};

/** The definitions in force: what files asked for and was applied. */
export class Definitions {
  readonly #options: DefinitionsOptions;
  readonly #history: DefinitionHistory;

  constructor(options: DefinitionsOptions) {
    this.#options = options;
    this.#history = new DefinitionHistory(options.store);
  }

  list<Kind extends DefinitionKind>(kind: Kind): StoredDefinition<Kind>[] {
    return this.#options.store
      .statement<Row>('SELECT * FROM feature_definition WHERE kind = ? ORDER BY name')
      .all(kind)
      .map((row) => toStored<Kind>(row));
  }

  find<Kind extends DefinitionKind>(kind: Kind, name: string): StoredDefinition<Kind> | null {
    const row = this.#options.store
      .statement<Row>('SELECT * FROM feature_definition WHERE kind = ? AND name = ?')
      .get(kind, name);
    return row === undefined ? null : toStored<Kind>(row);
  }

  /** @throws NOT_FOUND with the nearest name. */
  get<Kind extends DefinitionKind>(kind: Kind, name: string): StoredDefinition<Kind> {
    const found = this.find(kind, name);
    if (found !== null) return found;
    throw new FalajError('NOT_FOUND', `There is no ${kind} "${name}".`, {
      hint: nearestHint(
        name,
        this.list(kind).map((stored) => stored.definition.name),
        'Apply its definition file first: falaj apply -f FILE',
      ),
    });
  }

  /**
   * What `name` (in force) or `name@version` (as it last was in that version) stands for.
   *
   * @throws NOT_FOUND.
   */
  revision<Kind extends DefinitionKind>(kind: Kind, reference: string): DefinitionRevision<Kind> {
    const { name, version } = parseViewReference(reference);
    const revisions = this.#history.revisions(kind, name);
    if (version === null || revisions.length === 0) {
      this.get(kind, name);
      return revisions[0]!;
    }
    const found = revisions.find((revision) => revision.version === version);
    if (found !== undefined) return found;
    const known = [...new Set(revisions.map((revision) => revision.version))].sort((a, b) => a - b);
    throw new FalajError('NOT_FOUND', `There is no version ${version} of ${kind} "${name}".`, {
      hint: `Known ${known.length === 1 ? 'is version' : 'are versions'} ${known.join(', ')}.`,
      details: { name, version },
    });
  }

  /** All that was ever applied under the name, newest first. */
  history<Kind extends DefinitionKind>(kind: Kind, name: string): DefinitionRevision<Kind>[] {
    return this.#history.revisions(kind, name);
  }

  plan(input: DefinitionsInput): PlannedChange[] {
    return this.#prepare(input).changes;
  }

  /**
   * Whether the expressions of what changes, and of what builds on it, can be computed. It takes a moment, so that neither
   * `plan` nor `apply` does it: whoever takes definitions from outside asks first.
   */
  async checkExpressions(input: DefinitionsInput): Promise<void> {
    await checkAllExpressions(this.#prepare(input).after);
  }

  /** Carries out what `plan` shows, in one transaction. */
  apply(input: DefinitionsInput): PlannedChange[] {
    const { store, audit } = this.#options;
    const applied = store.transaction(() => {
      const { changes, wanted } = this.#prepare(input);
      for (const { kind, name, change } of changes) {
        if (change === 'unchanged') continue;
        const id = definitionId({ kind, name });
        const definition = wanted.get(id);
        if (definition === undefined) {
          store.statement('DELETE FROM feature_definition WHERE kind = ? AND name = ?').run(kind, name);
          audit.append({ action: `definition.${change}`, object: id });
        } else {
          const version = this.#keep(definition);
          audit.append({ action: `definition.${change}`, object: id, details: { version } });
        }
      }
      return changes;
    });
    this.#options.notify('features');
    this.#options.notify('training');
    return applied;
  }

  /** Puts the definition in force and into the history; gives its version. */
  #keep(definition: Definition): number {
    const version = this.#nextVersion(definition);
    const body = JSON.stringify(definition);
    const appliedAt = this.#options.clock();
    this.#options.store
      .statement(
        `INSERT INTO feature_definition (kind, name, version, body, applied_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (kind, name) DO UPDATE
         SET version = excluded.version, body = excluded.body, applied_at = excluded.applied_at`,
      )
      .run(definition.kind, definition.name, version, body, appliedAt);
    this.#history.append(definition, version, body, appliedAt);
    return version;
  }

  /** A change of metadata stays within its version; whatever comes after a deletion is a version of its own. */
  #nextVersion(definition: Definition): number {
    const { kind, name } = definition;
    const before = this.find(kind, name);
    if (before !== null && !changesVersion(before.definition, definition)) return before.version;
    return this.#history.lastVersion(kind, name) + 1;
  }

  #prepare(input: DefinitionsInput): {
    changes: PlannedChange[];
    wanted: ReadonlyMap<string, Definition>;
    after: DefinitionsAfter;
  } {
    const placed = parseDocuments(input.documents);
    if (input.mayStartPrograms === false) refusePrograms(placed);
    const stored = this.#all();
    const wanted = new Map(placed.map(({ definition }) => [definitionId(definition), definition]));
    const changes = planChanges(stored, [...wanted.values()], input.prune);
    const definitions = new Map([
      ...stored.map((definition) => [definitionId(definition), definition] as const),
      ...wanted,
    ]);
    for (const { kind, name, change } of changes) {
      if (change === 'delete') definitions.delete(definitionId({ kind, name }));
    }
    const untouched = stored.filter((definition) => {
      const id = definitionId(definition);
      return definitions.has(id) && !wanted.has(id);
    });
    const changed = new Set(
      changes.filter(({ change }) => change !== 'unchanged').map((change) => definitionId(change)),
    );
    const after: DefinitionsAfter = {
      all: [...placed, ...untouched.map(appliedEarlier)],
      changed,
      known: {
        definitions,
        dataset: this.#options.dataset,
        view: (reference) => this.#viewAfter(reference, definitions),
      },
    };
    checkAll(after);
    return { changes, wanted, after };
  }

  /** A view as it would be referred to after applying; a version may be the one that applying makes. */
  #viewAfter(reference: string, after: ReadonlyMap<string, Definition>): OfKind<'FeatureView'> | undefined {
    const { name, version } = parseViewReference(reference);
    const wanted = after.get(definitionId({ kind: 'FeatureView', name }));
    const current = wanted?.kind === 'FeatureView' ? wanted : undefined;
    if (version === null || (current !== undefined && this.#nextVersion(current) === version)) return current;
    return this.#history.revisions('FeatureView', name).find((revision) => revision.version === version)
      ?.definition;
  }

  #all(): Definition[] {
    return this.#options.store
      .statement<Row>('SELECT * FROM feature_definition')
      .all()
      .map((row) => definitionSchema.parse(JSON.parse(row.body)));
  }
}

function toStored<Kind extends DefinitionKind>(row: Row): StoredDefinition<Kind> {
  const definition = definitionSchema.parse(JSON.parse(row.body));
  return {
    definition: definition as OfKind<Kind>,
    version: row.version,
    appliedAt: new Date(row.applied_at).toISOString(),
  };
}

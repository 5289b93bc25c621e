import type { z } from 'zod';
import type { definitionsInput } from '../../../shared/contract/features.ts';
import type { ChangedRoom, PlannedChange } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { Store } from '../../store/index.ts';
import { checkAll } from './broken-definitions.ts';
import { type Definition, type DefinitionKind, definitionId, definitionSchema } from './definition.ts';
import type { DatasetFacts } from './known-definitions.ts';
import { parseDocuments } from './parse-documents.ts';
import { planChanges } from './plan-changes.ts';

export interface DefinitionsOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly dataset: (name: string) => DatasetFacts | null;
}

type OfKind<Kind extends DefinitionKind> = Extract<Definition, { kind: Kind }>;

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

type DefinitionsInput = z.output<typeof definitionsInput>;

/** The definitions in force: what files asked for and was applied. */
export class Definitions {
  readonly #options: DefinitionsOptions;

  constructor(options: DefinitionsOptions) {
    this.#options = options;
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

  /** Throws NOT_FOUND with the nearest name. */
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

  plan(input: DefinitionsInput): PlannedChange[] {
    return this.#prepare(input).changes;
  }

  /** Carries out what `plan` shows, in one transaction. */
  apply(input: DefinitionsInput): PlannedChange[] {
    const { store, audit, clock } = this.#options;
    const applied = store.transaction(() => {
      const { changes, wanted } = this.#prepare(input);
      const effective = changes.filter(({ change }) => change !== 'unchanged');
      for (const { kind, name, change } of effective) {
        if (change === 'delete') {
          store.statement('DELETE FROM feature_definition WHERE kind = ? AND name = ?').run(kind, name);
        } else {
          store
            .statement(
              `INSERT INTO feature_definition (kind, name, version, body, applied_at) VALUES (?, ?, 1, ?, ?)
               ON CONFLICT (kind, name) DO UPDATE SET version = version + 1, body = excluded.body, applied_at = excluded.applied_at`,
            )
            .run(kind, name, JSON.stringify(wanted.get(definitionId({ kind, name }))), clock());
        }
        audit.append({ action: `definition.${change}`, object: definitionId({ kind, name }) });
      }
      return changes;
    });
    this.#options.notify('features');
    this.#options.notify('training');
    return applied;
  }

  #prepare(input: DefinitionsInput): { changes: PlannedChange[]; wanted: ReadonlyMap<string, Definition> } {
    const placed = parseDocuments(input.documents);
    const stored = this.#all();
    const wanted = new Map(placed.map(({ definition }) => [definitionId(definition), definition]));
    const changes = planChanges(stored, [...wanted.values()], input.prune);
    const after = new Map([
      ...stored.map((definition) => [definitionId(definition), definition] as const),
      ...wanted,
    ]);
    for (const { kind, name, change } of changes) {
      if (change === 'delete') after.delete(definitionId({ kind, name }));
    }
    const untouched = stored.filter((definition) => {
      const id = definitionId(definition);
      return after.has(id) && !wanted.has(id);
    });
    const changed = new Set(
      changes.filter(({ change }) => change !== 'unchanged').map((change) => definitionId(change)),
    );
    checkAll(placed, untouched, changed, { definitions: after, dataset: this.#options.dataset });
    return { changes, wanted };
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

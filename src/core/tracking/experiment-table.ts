import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';
import { type Lifecycle, lifecycleCondition, type View } from './lifecycle.ts';
import { compileFilter, compileOrder } from './search/compile-search.ts';
import { pageOffset, pageToken } from './search/page-token.ts';
import { EXPERIMENTS } from './search/subjects.ts';

export interface KeptExperiment {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  /** Where clients put artifacts; null for here. */
  readonly artifactLocation: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SearchInput {
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[] | undefined;
  readonly view?: View | undefined;
  readonly limit: number;
  readonly pageToken?: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  readonly artifact_location: string | null;
  readonly created_at: number;
  readonly updated_at: number;
}

/** The experiment of runs that name none. */
export const DEFAULT_EXPERIMENT = '0';

/** Experiments: their names, tags and lifecycle. */
export class ExperimentTable {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #clock: () => number;
  readonly #newId: () => string;

  constructor(parts: { store: Store; audit: AuditLog; clock: () => number; newId: () => string }) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
    this.#newId = parts.newId;
  }

  get(id: string): KeptExperiment {
    const row = this.#store.statement<Row>(`SELECT * FROM tracking_experiment WHERE id = ?`).get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no experiment with the id ${id}.`);
    return this.#describe(row);
  }

  byName(name: string): KeptExperiment {
    const row = this.#store.statement<Row>(`SELECT * FROM tracking_experiment WHERE name = ?`).get(name);
    if (!row) throw new FalajError('NOT_FOUND', `There is no experiment named ${name}.`);
    return this.#describe(row);
  }

  /** @throws CONFLICT for one that is deleted. */
  active(id: string): KeptExperiment {
    const experiment = this.get(id);
    if (experiment.lifecycle === 'active') return experiment;
    throw new FalajError('CONFLICT', `The experiment ${experiment.name} is deleted.`, {
      hint: 'Restore it first.',
    });
  }

  create(input: {
    name: string;
    artifactLocation?: string | null | undefined;
    tags?: Readonly<Record<string, string>>;
  }): string {
    return this.#store.transaction(() => {
      this.#refuseTaken(input.name);
      const id = this.#newId();
      const now = this.#clock();
      this.#store
        .statement(
          `INSERT INTO tracking_experiment (id, name, created_at, updated_at, artifact_location) VALUES (?, ?, ?, ?, ?)`,
        )
        .run(id, input.name, now, now, input.artifactLocation ?? null);
      for (const [key, value] of Object.entries(input.tags ?? {})) this.#putTag(id, key, value);
      this.#record('experiment.create', id, { name: input.name });
      return id;
    });
  }

  rename(id: string, name: string): void {
    this.#store.transaction(() => {
      const before = this.active(id);
      if (before.name === name) return;
      this.#refuseTaken(name);
      this.#store
        .statement(`UPDATE tracking_experiment SET name = ?, updated_at = ? WHERE id = ?`)
        .run(name, this.#clock(), id);
      this.#record('experiment.rename', id, { from: before.name, to: name });
    });
  }

  /** Deletes or restores it with all its runs. */
  setLifecycle(id: string, lifecycle: Lifecycle): void {
    this.#store.transaction(() => {
      const experiment = this.get(id);
      if (experiment.lifecycle === lifecycle) return;
      if (id === DEFAULT_EXPERIMENT)
        throw new FalajError('BAD_INPUT', 'The experiment Default cannot be deleted.');
      this.#store
        .statement(`UPDATE tracking_experiment SET lifecycle = ?, updated_at = ? WHERE id = ?`)
        .run(lifecycle, this.#clock(), id);
      this.#store
        .statement(`UPDATE tracking_run SET lifecycle = ? WHERE experiment_id = ?`)
        .run(lifecycle, id);
      const action = lifecycle === 'deleted' ? 'experiment.delete' : 'experiment.restore';
      this.#record(action, id, { name: experiment.name });
    });
  }

  setTag(id: string, key: string, value: string): void {
    this.#store.transaction(() => {
      this.active(id);
      this.#putTag(id, key, value);
    });
  }

  deleteTag(id: string, key: string): void {
    this.#store.transaction(() => {
      this.active(id);
      const { changes } = this.#store
        .statement(`DELETE FROM tracking_experiment_tag WHERE experiment_id = ? AND key = ?`)
        .run(id, key);
      if (changes === 0) throw new FalajError('NOT_FOUND', `The experiment ${id} has no tag ${key}.`);
    });
  }

  search(input: SearchInput): Page<KeptExperiment> {
    const offset = pageOffset(input.pageToken);
    const filter = compileFilter(input.filter ?? '', EXPERIMENTS);
    const order = compileOrder(input.orderBy ?? [], EXPERIMENTS, 'e.updated_at DESC, e.id DESC');
    const rows = this.#store
      .statement<Row>(
        `SELECT e.* FROM tracking_experiment AS e WHERE ${lifecycleCondition('e.lifecycle', input.view ?? 'active')}
         AND ${filter.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      )
      .all(...filter.values, ...order.values, input.limit + 1, offset);
    return {
      items: rows.slice(0, input.limit).map((row) => this.#describe(row)),
      nextPageToken: rows.length > input.limit ? pageToken(offset + input.limit) : null,
    };
  }

  #describe(row: Row): KeptExperiment {
    const tags = this.#store
      .statement<{ key: string; value: string }>(
        `SELECT key, value FROM tracking_experiment_tag WHERE experiment_id = ? ORDER BY key`,
      )
      .all(row.id);
    return {
      id: row.id,
      name: row.name,
      lifecycle: row.lifecycle,
      artifactLocation: row.artifact_location,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    };
  }

  #refuseTaken(name: string): void {
    const taken = this.#store
      .statement<{ lifecycle: Lifecycle }>(`SELECT lifecycle FROM tracking_experiment WHERE name = ?`)
      .get(name);
    if (taken === undefined) return;
    throw new FalajError('ALREADY_EXISTS', `An experiment named ${name} exists already.`, {
      hint: taken.lifecycle === 'deleted' ? 'It is deleted; restore it, or choose another name.' : '',
    });
  }

  #putTag(id: string, key: string, value: string): void {
    this.#store
      .statement(
        `INSERT INTO tracking_experiment_tag (experiment_id, key, value) VALUES (?, ?, ?)
         ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value`,
      )
      .run(id, key, value);
  }

  #record(action: string, id: string, details: Readonly<Record<string, string>>): void {
    this.#audit.append({ action, object: `experiment/${id}`, details });
  }
}

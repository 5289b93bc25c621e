import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';
import type { ArtifactFiles } from './artifact-files.ts';
import type { ExperimentTable, Page, SearchInput } from './experiment-table.ts';
import { compileFilter, compileOrder } from './search/compile-search.ts';
import { pageOffset, pageToken } from './search/page-token.ts';
import { LOGGED_MODELS } from './search/subjects.ts';

export type LoggedModelStatus = 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED';

/** A model that a run wrote, before anything is registered. Times are milliseconds since the epoch. */
export interface LoggedModel {
  readonly id: string;
  readonly experimentId: string;
  readonly artifactLocation: string | null;
  readonly name: string;
  readonly modelType: string;
  readonly runId: string | null;
  readonly status: LoggedModelStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly LoggedModelMetric[];
}

export interface LoggedModelMetric {
  readonly runId: string;
  readonly metric: string;
  readonly datasetName: string;
  readonly datasetDigest: string;
  readonly step: number;
  readonly at: number;
  readonly value: number;
}

interface Row {
  readonly id: string;
  readonly experiment_id: string;
  readonly artifact_location: string | null;
  readonly name: string;
  readonly model_type: string;
  readonly run_id: string | null;
  readonly status: LoggedModelStatus;
  readonly created_at: number;
  readonly updated_at: number;
  readonly params: string;
  readonly tags: string;
}

interface MetricRow {
  readonly model_id: string;
  readonly run_id: string;
  readonly metric: string;
  readonly dataset_name: string;
  readonly dataset_digest: string;
  readonly step: number;
  readonly at: number;
  readonly value: number | null;
}

const stringMap = z.record(z.string(), z.string());

const SELECT = `SELECT m.*, e.artifact_location FROM tracking_logged_model AS m JOIN tracking_experiment AS e ON e.id = m.experiment_id`;

/** Models that tracking clients log, apart from the registry. */
export class LoggedModels {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #files: ArtifactFiles;
  readonly #experiments: ExperimentTable;
  readonly #clock: () => number;
  readonly #newId: () => string;

  constructor(parts: {
    store: Store;
    audit: AuditLog;
    files: ArtifactFiles;
    experiments: ExperimentTable;
    clock: () => number;
    newId: () => string;
  }) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#files = parts.files;
    this.#experiments = parts.experiments;
    this.#clock = parts.clock;
    this.#newId = parts.newId;
  }

  create(input: {
    experimentId: string;
    name?: string | undefined;
    modelType?: string | undefined;
    runId?: string | undefined;
    params: Readonly<Record<string, string>>;
    tags: Readonly<Record<string, string>>;
  }): LoggedModel {
    const id = `m-${this.#newId()}`;
    const now = this.#clock();
    this.#store.transaction(() => {
      this.#experiments.active(input.experimentId);
      this.#store
        .statement(
          `INSERT INTO tracking_logged_model (id, experiment_id, name, model_type, run_id, status, created_at, updated_at, params, tags)
           VALUES (?, ?, ?, ?, ?, 'LOGGED_MODEL_PENDING', ?, ?, ?, ?)`,
        )
        .run(
          id,
          input.experimentId,
          input.name || id,
          input.modelType ?? '',
          input.runId || null,
          now,
          now,
          JSON.stringify(input.params),
          JSON.stringify(input.tags),
        );
      this.#audit.append({
        action: 'run.model',
        object: `logged-model/${id}`,
        details: { name: input.name || id, ...(input.runId ? { run: input.runId } : {}) },
      });
    });
    return this.get(id);
  }

  get(id: string): LoggedModel {
    return this.#describe([this.#row(id)])[0]!;
  }

  setStatus(id: string, status: LoggedModelStatus): LoggedModel {
    this.#row(id);
    this.#store
      .statement(`UPDATE tracking_logged_model SET status = ?, updated_at = ? WHERE id = ?`)
      .run(status, this.#clock(), id);
    return this.get(id);
  }

  addParams(id: string, params: Readonly<Record<string, string>>): void {
    this.#store.transaction(() => {
      const known = stringMap.parse(JSON.parse(this.#row(id).params));
      for (const [key, value] of Object.entries(params))
        if (Object.hasOwn(known, key) && known[key] !== value)
          throw new FalajError('BAD_INPUT', `The parameter ${key} of model ${id} has another value already.`);
      this.#write(id, 'params', { ...known, ...params });
    });
  }

  setTags(id: string, tags: Readonly<Record<string, string>>): LoggedModel {
    this.#store.transaction(() => {
      this.#write(id, 'tags', { ...stringMap.parse(JSON.parse(this.#row(id).tags)), ...tags });
    });
    return this.get(id);
  }

  deleteTag(id: string, key: string): void {
    this.#store.transaction(() => {
      const { [key]: gone, ...tags } = stringMap.parse(JSON.parse(this.#row(id).tags));
      if (gone === undefined) throw new FalajError('NOT_FOUND', `The model ${id} has no tag ${key}.`);
      this.#write(id, 'tags', tags);
    });
  }

  remove(id: string): void {
    this.#store.transaction(() => {
      const row = this.#row(id);
      this.#files.releaseAll({ kind: 'model', id });
      this.#store.statement(`DELETE FROM tracking_logged_model WHERE id = ?`).run(id);
      this.#audit.append({
        action: 'run.model-remove',
        object: `logged-model/${id}`,
        details: { name: row.name },
      });
    });
  }

  search(input: SearchInput & { readonly experimentIds: readonly string[] }): Page<LoggedModel> {
    const offset = pageOffset(input.pageToken);
    const filter = compileFilter(input.filter ?? '', LOGGED_MODELS);
    const order = compileOrder(input.orderBy ?? [], LOGGED_MODELS, 'm.created_at DESC, m.id');
    const rows = this.#store
      .statement<Row>(
        `${SELECT} WHERE m.experiment_id IN (SELECT value FROM json_each(?)) AND ${filter.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      )
      .all(JSON.stringify(input.experimentIds), ...filter.values, ...order.values, input.limit + 1, offset);
    return {
      items: this.#describe(rows.slice(0, input.limit)),
      nextPageToken: rows.length > input.limit ? pageToken(offset + input.limit) : null,
    };
  }

  #write(id: string, column: 'params' | 'tags', pairs: Readonly<Record<string, string>>): void {
    this.#store
      .statement(`UPDATE tracking_logged_model SET ${column} = ?, updated_at = ? WHERE id = ?`)
      .run(JSON.stringify(pairs), this.#clock(), id);
  }

  #row(id: string): Row {
    const row = this.#store.statement<Row>(`${SELECT} WHERE m.id = ?`).get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no logged model ${id}.`);
    return row;
  }

  #describe(rows: readonly Row[]): LoggedModel[] {
    const metrics = Map.groupBy(
      this.#store
        .statement<MetricRow>(
          `SELECT * FROM tracking_logged_model_metric WHERE model_id IN (SELECT value FROM json_each(?)) ORDER BY model_id, metric`,
        )
        .all(JSON.stringify(rows.map((row) => row.id))),
      (row) => row.model_id,
    );
    return rows.map((row) => ({
      id: row.id,
      experimentId: row.experiment_id,
      artifactLocation: row.artifact_location,
      name: row.name,
      modelType: row.model_type,
      runId: row.run_id,
      status: row.status,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      params: stringMap.parse(JSON.parse(row.params)),
      tags: stringMap.parse(JSON.parse(row.tags)),
      metrics: (metrics.get(row.id) ?? []).map((metric) => ({
        runId: metric.run_id,
        metric: metric.metric,
        datasetName: metric.dataset_name,
        datasetDigest: metric.dataset_digest,
        step: metric.step,
        at: metric.at,
        value: metric.value ?? Number.NaN,
      })),
    }));
  }
}

import type { LiveEvent, RunStatus } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';
import {
  type ClientRun,
  type DatasetInput,
  type LoggedMetric,
  RUN_NAME_TAG,
  type RunBatch,
  type RunModel,
} from './client-run.ts';
import type { ExperimentTable, Page, SearchInput } from './experiment-table.ts';
import { type Lifecycle, lifecycleCondition } from './lifecycle.ts';
import type { StoredPoint } from './metrics/metric-block.ts';
import type { MetricSeries } from './metrics/metric-series.ts';
import {
  type ClientRunRow,
  clientRun,
  readClientRuns,
  readInputs,
  SELECT_CLIENT_RUN,
} from './read-client-runs.ts';
import { bothOf, compileFilter, compileOrder, type SqlPart } from './search/compile-search.ts';
import { bestByLeadingMetric } from './search/leading-metric.ts';
import { pageOffset, pageToken } from './search/page-token.ts';
import { RUNS } from './search/subjects.ts';

export interface ClientRunsOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly experiments: ExperimentTable;
  readonly series: MetricSeries;
  readonly notify: (room: 'runs') => void;
  readonly publish: (event: LiveEvent) => void;
  readonly clock: () => number;
  readonly newId: () => string;
  /** Writes what the engine's own recorders still hold of a run. */
  readonly flush: (runId: string) => void;
}

/** Runs that tracking clients write: every call is one transaction, complete or not there. */
export class ClientRuns {
  readonly #options: ClientRunsOptions;
  readonly #store: Store;

  constructor(options: ClientRunsOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** `id` only for a run that comes from elsewhere and keeps its id. */
  create(input: {
    id?: string;
    experimentId: string;
    name?: string | undefined;
    userId?: string | undefined;
    startedAt?: number | undefined;
    tags?: Readonly<Record<string, string>>;
  }): ClientRun {
    const { audit, clock, newId, experiments, notify } = this.#options;
    const id = input.id ?? newId();
    const { [RUN_NAME_TAG]: nameTag, ...tags } = input.tags ?? {};
    const row = this.#store.transaction((): ClientRunRow => {
      const { artifactLocation } = experiments.active(input.experimentId);
      const name = input.name || nameTag || `run-${id.slice(0, 8)}`;
      const startedAt = input.startedAt ?? clock();
      const userId = input.userId ?? '';
      this.#store
        .statement(
          `INSERT INTO tracking_run (id, experiment_id, name, status, started_at, user_id, writer) VALUES (?, ?, ?, 'running', ?, ?, 'client')`,
        )
        .run(id, input.experimentId, name, startedAt, userId);
      this.#putTags(id, tags);
      audit.append({
        action: 'run.start',
        object: `run/${id}`,
        details: { experiment: input.experimentId, name },
      });
      return {
        id,
        experiment_id: input.experimentId,
        name,
        user_id: userId,
        status: 'running',
        lifecycle: 'active',
        started_at: startedAt,
        ended_at: null,
        artifact_location: artifactLocation,
      };
    });
    notify('runs');
    return clientRun(row, { metrics: [], params: {}, tags, inputs: [], models: [] });
  }

  get(id: string): ClientRun {
    this.#options.flush(id);
    return readClientRuns(this.#store, this.#options.series, [this.#row(id)])[0]!;
  }

  update(input: {
    id: string;
    status?: RunStatus | undefined;
    endedAt?: number | undefined;
    name?: string | undefined;
  }): ClientRun {
    this.#store.transaction(() => {
      const before = this.#writable(input.id);
      this.#store
        .statement(
          `UPDATE tracking_run SET status = coalesce(?, status), ended_at = coalesce(?, ended_at), name = coalesce(?, name) WHERE id = ?`,
        )
        .run(input.status ?? null, input.endedAt ?? null, input.name || null, input.id);
      const { status } = input;
      if (status === undefined || status === before.status || status === 'running' || status === 'scheduled')
        return;
      this.#options.audit.append({
        action: 'run.finish',
        object: `run/${input.id}`,
        result: status === 'finished' ? 'done' : 'failed',
        details: { status },
      });
    });
    this.#options.notify('runs');
    return this.get(input.id);
  }

  /** The runs with a tag that have not ended, deleted ones too. */
  unfinished(tag: string): readonly string[] {
    return this.#store
      .statement<{ id: string }>(
        `SELECT r.id FROM tracking_run r JOIN tracking_tag t ON t.run_id = r.id AND t.key = ? WHERE r.status = 'running'`,
      )
      .all(tag)
      .map(({ id }) => id);
  }

  /** Marks a run failed whose program is gone; a deleted one too, which takes no other change. */
  fail(id: string): void {
    this.#store.transaction(() => {
      this.#store
        .statement(`UPDATE tracking_run SET status = 'failed', ended_at = ? WHERE id = ?`)
        .run(this.#options.clock(), id);
      this.#options.audit.append({
        action: 'run.finish',
        object: `run/${id}`,
        result: 'failed',
        details: { status: 'failed' },
      });
    });
    this.#options.notify('runs');
  }

  setLifecycle(id: string, lifecycle: Lifecycle): void {
    this.#store.transaction(() => {
      if (this.#row(id).lifecycle === lifecycle) return;
      this.#store.statement(`UPDATE tracking_run SET lifecycle = ? WHERE id = ?`).run(lifecycle, id);
      this.#options.audit.append({
        action: lifecycle === 'deleted' ? 'run.delete' : 'run.restore',
        object: `run/${id}`,
      });
    });
    this.#options.notify('runs');
  }

  /** All of it or nothing. A parameter keeps its first value: another one is BAD_INPUT. */
  logBatch(id: string, batch: RunBatch): void {
    const metrics = batch.metrics ?? [];
    this.#store.transaction(() => {
      this.#writable(id);
      for (const [key, value] of Object.entries(batch.params ?? {})) this.#putParam(id, key, value);
      this.#putTags(id, batch.tags ?? {});
      if (metrics.length > 0) this.#options.series.append(id, metrics);
      for (const metric of metrics) if (metric.modelId !== undefined) this.#putModelMetric(id, metric);
    });
    for (const { metric, step, value } of metrics)
      if (Number.isFinite(value)) this.#options.publish({ topic: 'metrics', run: id, metric, step, value });
  }

  deleteTag(id: string, key: string): void {
    this.#store.transaction(() => {
      this.#writable(id);
      const { changes } = this.#store
        .statement(`DELETE FROM tracking_tag WHERE run_id = ? AND key = ?`)
        .run(id, key);
      if (changes === 0) throw new FalajError('NOT_FOUND', `The run ${id} has no tag ${key}.`);
    });
  }

  logInputs(id: string, inputs: readonly DatasetInput[]): void {
    this.#store.transaction(() => {
      this.#writable(id);
      for (const { dataset, tags } of inputs) {
        this.#store
          .statement(
            `INSERT INTO tracking_input (run_id, name, digest, dataset, tags) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (run_id, name, digest) DO UPDATE SET dataset = excluded.dataset, tags = excluded.tags`,
          )
          .run(id, dataset.name, dataset.digest, JSON.stringify(dataset), JSON.stringify(tags));
      }
    });
  }

  /** The inputs of a run, by name and digest. */
  inputs(id: string): readonly DatasetInput[] {
    this.#row(id);
    return readInputs(this.#store, JSON.stringify([id])).get(id) ?? [];
  }

  /** Says which logged models a run read or made. */
  logModels(id: string, models: readonly RunModel[]): void {
    this.#store.transaction(() => {
      this.#writable(id);
      for (const { modelId, direction, step } of models) {
        if (!this.#hasModel(modelId))
          throw new FalajError('NOT_FOUND', `There is no logged model ${modelId}.`);
        this.#store
          .statement(
            `INSERT INTO tracking_run_model (run_id, direction, model_id, step) VALUES (?, ?, ?, ?)
             ON CONFLICT (run_id, direction, model_id) DO UPDATE SET step = excluded.step`,
          )
          .run(id, direction, modelId, step);
      }
    });
  }

  /** Points in the order of their arrival, duplicates included. */
  history(input: {
    id: string;
    metric: string;
    limit: number;
    pageToken?: string | undefined;
  }): Page<StoredPoint> {
    this.#row(input.id);
    this.#options.flush(input.id);
    const offset = pageOffset(input.pageToken);
    const { points, more } = this.#options.series.page(input.id, input.metric, offset, input.limit);
    return { items: points, nextPageToken: more ? pageToken(offset + input.limit) : null };
  }

  search(input: SearchInput & { readonly experimentIds: readonly string[] }): Page<ClientRun> {
    const offset = pageOffset(input.pageToken);
    const { orderBy = [], limit } = input;
    const filter = compileFilter(input.filter ?? '', RUNS);
    const order = compileOrder(orderBy, RUNS, 'r.started_at DESC, r.id');
    const page = (condition: SqlPart): ClientRunRow[] =>
      this.#store
        .statement<ClientRunRow>(
          `${SELECT_CLIENT_RUN} WHERE ${condition.sql}
           AND ${lifecycleCondition('r.lifecycle', input.view ?? 'active')} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
        )
        .all(...condition.values, ...order.values, limit + 1, offset);
    const best = bestByLeadingMetric(this.#store, orderBy, offset + limit + 1, 'r.id');
    // The plus keeps SQLite from walking the experiment's index where the best runs are found through that of values.
    const among =
      best === null
        ? []
        : page(bothOf(best, bothOf(ofExperiments('+r.experiment_id', input.experimentIds), filter)));
    const rows =
      among.length > limit
        ? among
        : page(bothOf(ofExperiments('r.experiment_id', input.experimentIds), filter));
    const shown = rows.slice(0, limit);
    return {
      items: readClientRuns(this.#store, this.#options.series, shown),
      nextPageToken: rows.length > limit ? pageToken(offset + limit) : null,
    };
  }

  #putParam(id: string, key: string, value: string): void {
    const { changes } = this.#store
      .statement(`INSERT INTO tracking_param (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`)
      .run(id, key, value);
    if (changes > 0) return;
    const before = this.#store
      .statement<{ value: string }>(`SELECT value FROM tracking_param WHERE run_id = ? AND key = ?`)
      .get(id, key)!.value;
    if (before === value) return;
    throw new FalajError(
      'BAD_INPUT',
      `The parameter ${key} of run ${id} has the value ${JSON.stringify(before)} and keeps it; ${JSON.stringify(value)} was refused.`,
      { hint: 'Start another run, or log it under another name.', details: { field: `params.${key}` } },
    );
  }

  /** The run's name is a tag to clients and a column here. */
  #putTags(id: string, tags: Readonly<Record<string, string>>): void {
    const upsert = this.#store.statement(
      `INSERT INTO tracking_tag (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value`,
    );
    for (const [key, value] of Object.entries(tags)) {
      if (key !== RUN_NAME_TAG) upsert.run(id, key, value);
      else this.#store.statement(`UPDATE tracking_run SET name = ? WHERE id = ?`).run(value, id);
    }
  }

  #putModelMetric(id: string, metric: LoggedMetric): void {
    if (!this.#hasModel(metric.modelId!))
      throw new FalajError('NOT_FOUND', `There is no logged model ${metric.modelId}.`);
    this.#store
      .statement(
        `INSERT INTO tracking_logged_model_metric (model_id, run_id, metric, dataset_name, dataset_digest, step, at, value)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (model_id, run_id, metric, dataset_name, dataset_digest)
         DO UPDATE SET step = excluded.step, at = excluded.at, value = excluded.value WHERE (excluded.step, excluded.at) >= (step, at)`,
      )
      .run(
        metric.modelId,
        id,
        metric.metric,
        metric.datasetName ?? '',
        metric.datasetDigest ?? '',
        metric.step,
        metric.at,
        Number.isNaN(metric.value) ? null : metric.value,
      );
  }

  #hasModel(modelId: string): boolean {
    return (
      this.#store.statement(`SELECT 1 FROM tracking_logged_model WHERE id = ?`).get(modelId) !== undefined
    );
  }

  #row(id: string): ClientRunRow {
    const row = this.#store.statement<ClientRunRow>(`${SELECT_CLIENT_RUN} WHERE r.id = ?`).get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no run ${id}.`, { hint: 'See `falaj runs ls`.' });
    return row;
  }

  #writable(id: string): { readonly status: RunStatus } {
    const row = this.#store
      .statement<{ lifecycle: Lifecycle; status: RunStatus }>(
        `SELECT lifecycle, status FROM tracking_run WHERE id = ?`,
      )
      .get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no run ${id}.`);
    if (row.lifecycle === 'active') return row;
    throw new FalajError('CONFLICT', `The run ${id} is deleted.`, { hint: 'Restore it first.' });
  }
}

/** One experiment is the usual case, and equality lets its index give the order too. */
function ofExperiments(column: string, ids: readonly string[]): SqlPart {
  const [only = '', ...others] = ids;
  return others.length === 0
    ? { sql: `${column} = ?`, values: [only] }
    : { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(ids)] };
}

import { randomUUID } from 'node:crypto';
import { evaluation as evaluationSchema } from '../../shared/contract/runs.ts';
import type {
  ArtifactPreview,
  ChangedRoom,
  Evaluation,
  Experiment,
  LiveEvent,
  MetricPoint,
  MetricSeriesAnswer,
  Run,
  RunStatus,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { RUN_ERROR_TAG } from '../../shared/run-tags.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { ArtifactFiles } from './artifact-files.ts';
import { ClientRuns } from './client-runs.ts';
import { DEFAULT_EXPERIMENT, ExperimentTable } from './experiment-table.ts';
import { LoggedModels } from './logged-models.ts';
import { MetricSeries } from './metrics/metric-series.ts';
import { answerSeries, type SeriesRequest } from './metrics/series-answer.ts';
import { seriesCurve } from './metrics/series-curve.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { previewArtifact } from './preview-artifact.ts';
import { readRuns, SELECT_RUN } from './read-runs.ts';
import { findRuns, type RunSelection, type RunWindow, usedNames } from './run-list.ts';
import { type RunFacts, type RunHandle, RunRecorder } from './run-recorder.ts';
import { dataListSchema, type RunRow } from './run-row.ts';
import { HeldCredentials } from './transfer/held-credentials.ts';

export interface TrackingOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Live metric points; they are stored as well. */
  readonly publish: (event: LiveEvent) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly newId?: () => string;
}

export interface StartRun {
  readonly experiment: string;
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

const iso = (millis: number): string => new Date(millis).toISOString();

/** Experiments, their runs, and what the runs measured. */
export class TrackingRoom {
  readonly #options: TrackingOptions;
  readonly #store: Store;
  readonly #recorders = new Map<string, RunRecorder>();
  readonly #newId: () => string;
  readonly #series: MetricSeries;
  /** What tracking clients ask for, over the same tables. */
  readonly groups: ExperimentTable;
  readonly clients: ClientRuns;
  readonly models: LoggedModels;
  readonly files: ArtifactFiles;
  /** Of servers that imports read from. */
  readonly credentials = new HeldCredentials();
  readonly uploads: MultipartUploads;

  /**
   * Runs of its own that a dead engine left as running are marked failed here: nobody can finish them any more. A client's
   * run goes on, whatever became of the engine.
   */
  constructor(options: TrackingOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#newId = options.newId ?? (() => randomUUID().replaceAll('-', ''));
    const parts = { ...options, newId: this.#newId };
    this.#series = new MetricSeries(options.store);
    this.files = new ArtifactFiles(parts);
    this.uploads = new MultipartUploads({ blobs: options.blobs, files: this.files });
    this.groups = new ExperimentTable(parts);
    this.models = new LoggedModels({ ...parts, files: this.files, experiments: this.groups });
    this.clients = new ClientRuns({
      ...parts,
      experiments: this.groups,
      series: this.#series,
      flush: (id) => this.#recorders.get(id)?.flushIfPossible(),
    });
    this.#failAbandonedRuns();
  }

  /** Those in use; Default once it has runs. */
  experiments(): Experiment[] {
    return this.#store
      .statement<{ id: string; name: string; created_at: number; runs: number; last_run_at: number | null }>(
        `SELECT e.id, e.name, e.created_at, count(r.id) AS runs, max(r.started_at) AS last_run_at
         FROM tracking_experiment e LEFT JOIN tracking_run r ON r.experiment_id = e.id AND r.lifecycle = 'active'
         WHERE e.lifecycle = 'active' GROUP BY e.id HAVING e.id <> ? OR count(r.id) > 0 ORDER BY coalesce(max(r.started_at), e.created_at) DESC, e.name`,
      )
      .all(DEFAULT_EXPERIMENT)
      .map((row) => ({
        id: row.id,
        name: row.name,
        runs: row.runs,
        createdAt: iso(row.created_at),
        lastRunAt: row.last_run_at === null ? null : iso(row.last_run_at),
      }));
  }

  /** Newest first. */
  list(input: RunSelection & { limit?: number }): Run[] {
    return this.#inOrder(findRuns(this.#store, input, { limit: input.limit ?? 200 }).ids);
  }

  /** A window of the runs that are selected, and how many there are. */
  search(input: RunSelection & RunWindow): { runs: Run[]; total: number } {
    const { ids, total } = findRuns(this.#store, input, input);
    return { runs: this.#inOrder(ids), total };
  }

  /** Those that are there, in the order of the ids. */
  several(input: { ids: readonly string[] }): Run[] {
    return this.#inOrder(input.ids);
  }

  /** The names under which runs tell their metrics, parameters and tags. */
  names(): { metrics: string[]; params: string[]; tags: string[] } {
    return {
      metrics: usedNames(this.#store, 'tracking_series.metric'),
      params: usedNames(this.#store, 'tracking_param.key'),
      tags: usedNames(this.#store, 'tracking_tag.key'),
    };
  }

  get(input: { id: string }): Run {
    return this.#assemble([this.#row(input.id)])[0]!;
  }

  /** The metrics that are curves: with more than one point. */
  curves(input: { id: string }): string[] {
    this.#row(input.id);
    this.#recorders.get(input.id)?.flushIfPossible();
    return this.#series.curves(JSON.stringify([input.id]));
  }

  /** The metrics that are curves of any of the runs. */
  curvesOf(input: { ids: readonly string[] }): string[] {
    for (const id of input.ids) this.#recorders.get(id)?.flushIfPossible();
    return this.#series.curves(JSON.stringify(input.ids));
  }

  /** Finite points by ascending step, at most so many, between two steps if they are given. */
  history(input: {
    id: string;
    metric: string;
    points?: number;
    fromStep?: number | undefined;
    toStep?: number | undefined;
  }): MetricPoint[] {
    this.#row(input.id);
    this.#recorders.get(input.id)?.flushIfPossible();
    const parts = this.#series.parts(input.id, input.metric);
    if (parts === null) return [];
    return seriesCurve(parts, input.points ?? 1000, input).points.map(({ step, value, at }) => ({
      step,
      value,
      at: iso(at),
    }));
  }

  /** Many histories at once, in the order asked; empty for what is not there. */
  series(input: SeriesRequest): MetricSeriesAnswer[] {
    for (const { run } of input.series) this.#recorders.get(run)?.flushIfPossible();
    return answerSeries(this.#series, input);
  }

  evaluation(input: { id: string }): Evaluation | null {
    const { evaluation } = this.#row(input.id);
    return evaluation === null ? null : evaluationSchema.parse(JSON.parse(evaluation));
  }

  /** The bytes of one artifact, decrypted and checked. */
  async artifact(input: { id: string; path: string }): Promise<Buffer> {
    return this.files.readAll({ kind: 'run', id: input.id }, input.path);
  }

  /** What can be shown of an artifact without taking it out. */
  preview({ id, path }: { id: string; path: string }): Promise<ArtifactPreview> {
    const { sizeBytes, read } = this.files.open({ kind: 'run', id }, path);
    return previewArtifact({ path, sizeBytes, read });
  }

  remove(input: { id: string }): { removed: true } {
    const run = this.#row(input.id);
    if (run.status === 'running' && run.writer === 'engine') {
      throw new FalajError('CONFLICT', `The run ${input.id} is still going.`, {
        hint: 'Cancel its job first.',
      });
    }
    this.#store.transaction(() => {
      this.files.releaseAll({ kind: 'run', id: input.id });
      // What else belongs to it goes by its foreign keys.
      this.#store.statement(`DELETE FROM tracking_run WHERE id = ?`).run(input.id);
      this.#options.audit.append({
        action: 'run.remove',
        object: `run/${input.id}`,
        details: { experiment: run.experiment, name: run.name },
      });
    });
    this.#options.notify('runs');
    return { removed: true };
  }

  /** What leaves in the clear is on record before it leaves. */
  recordExport(input: { id: string; dir: string }): void {
    this.#row(input.id);
    this.#store.transaction(() =>
      this.#options.audit.append({
        action: 'run.export',
        object: `run/${input.id}`,
        details: { folder: input.dir },
      }),
    );
  }

  startRun(start: StartRun): RunHandle {
    const { store, audit, clock, notify } = this.#options;
    const id = this.#newId();
    const now = clock();
    const recorder = new RunRecorder(
      id,
      { ...this.#options, files: this.files, series: this.#series },
      (status, facts) => this.#finish(id, status, facts),
    );
    store.transaction(() => {
      const experimentId = this.experimentNamed(start.experiment);
      store
        .statement(
          `INSERT INTO tracking_run (id, experiment_id, name, status, started_at) VALUES (?, ?, ?, 'running', ?)`,
        )
        .run(id, experimentId, start.name, now);
      audit.append({
        action: 'run.start',
        object: `run/${id}`,
        details: { experiment: start.experiment, name: start.name },
      });
      // With the run or not at all: nobody would end one that could not be begun.
      recorder.logParams(start.params ?? {});
      recorder.setTags(start.tags ?? {});
    });
    this.#recorders.set(id, recorder);
    notify('runs');
    return recorder;
  }

  #finish(id: string, status: Exclude<RunStatus, 'running'>, facts: RunFacts): void {
    const { store, audit, clock, notify } = this.#options;
    store.transaction(() => {
      const at = clock();
      for (const [metric, value] of Object.entries(facts.metrics ?? {})) {
        const latest = this.#series.latestValue(id, metric);
        if (!Number.isFinite(value) || latest?.value === value) continue;
        this.#series.append(id, [{ metric, step: latest?.step ?? 0, at, value }]);
      }
      store
        .statement(
          `UPDATE tracking_run SET status = ?, ended_at = ?, data = coalesce(?, data), model = coalesce(?, model), evaluation = coalesce(?, evaluation) WHERE id = ?`,
        )
        .run(
          status,
          at,
          facts.data ? JSON.stringify(facts.data) : null,
          facts.model ? JSON.stringify(facts.model) : null,
          facts.evaluation ? JSON.stringify(facts.evaluation) : null,
          id,
        );
      if (facts.reason !== undefined) {
        store
          .statement(
            `INSERT INTO tracking_tag (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value`,
          )
          .run(id, RUN_ERROR_TAG, facts.reason);
      }
      audit.append({
        action: 'run.finish',
        object: `run/${id}`,
        result: status === 'finished' ? 'done' : 'failed',
        details: { status, ...(facts.model ? { model: `${facts.model.name}:${facts.model.version}` } : {}) },
      });
    });
    this.#recorders.delete(id);
    notify('runs');
  }

  #failAbandonedRuns(): void {
    const { store, audit, clock } = this.#options;
    const abandoned = store
      .statement<{ id: string }>(`SELECT id FROM tracking_run WHERE status = 'running' AND writer = 'engine'`)
      .all();
    if (abandoned.length === 0) return;
    store.transaction(() => {
      for (const { id } of abandoned) {
        store
          .statement(`UPDATE tracking_run SET status = 'failed', ended_at = ? WHERE id = ?`)
          .run(clock(), id);
        audit.append({
          action: 'run.finish',
          object: `run/${id}`,
          result: 'failed',
          details: { status: 'failed', reason: 'The engine ended before the run did.' },
        });
      }
    });
  }

  /** The id of an experiment of this name, which is made if there is none; in a transaction. */
  experimentNamed(name: string): string {
    const known = this.#store
      .statement<{ id: string; lifecycle: string }>(
        `SELECT id, lifecycle FROM tracking_experiment WHERE name = ?`,
      )
      .get(name);
    if (known === undefined) return this.groups.create({ name });
    if (known.lifecycle === 'deleted') this.groups.setLifecycle(known.id, 'active');
    return known.id;
  }

  /** Keeps with a run that it read a version of a dataset. */
  addData(id: string, read: Run['data'][number]): void {
    const { store, notify } = this.#options;
    store.transaction(() => {
      const known = dataListSchema.parse(JSON.parse(this.#row(id).data));
      if (known.some(({ name, version }) => name === read.name && version === read.version)) return;
      store
        .statement(`UPDATE tracking_run SET data = ? WHERE id = ?`)
        .run(JSON.stringify([...known, read]), id);
    });
    notify('runs');
  }

  #row(id: string): RunRow {
    const row = this.#store.statement<RunRow>(`${SELECT_RUN} WHERE r.id = ?`).get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no run ${id}.`, { hint: 'See `falaj runs ls`.' });
    return row;
  }

  #inOrder(ids: readonly string[]): Run[] {
    const rows = this.#store
      .statement<RunRow>(`${SELECT_RUN} WHERE r.id IN (SELECT value FROM json_each(?))`)
      .all(JSON.stringify(ids));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return this.#assemble(ids.flatMap((id) => byId.get(id) ?? []));
  }

  #assemble(rows: readonly RunRow[]): Run[] {
    for (const { id } of rows) this.#recorders.get(id)?.flushIfPossible();
    return readRuns(this.#store, this.#series, rows);
  }
}

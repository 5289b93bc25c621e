import { randomBytes } from 'node:crypto';
import { evaluation as evaluationSchema } from '../../shared/contract/runs.ts';
import type {
  ChangedRoom,
  Evaluation,
  Experiment,
  LiveEvent,
  MetricPoint,
  Run,
  RunStatus,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { type HistoryPoint, reduceHistory } from './reduce-history.ts';
import { type RunFacts, type RunHandle, RunRecorder } from './run-recorder.ts';
import { dataListSchema, modelLinkSchema, type RunRow, UPSERT_METRIC } from './run-row.ts';

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

  /** Runs that a dead engine left as running are marked failed here: nobody can finish them any more. */
  constructor(options: TrackingOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#newId = options.newId ?? (() => randomBytes(16).toString('hex'));
    this.#failAbandonedRuns();
  }

  experiments(): Experiment[] {
    return this.#store
      .statement<{ id: string; name: string; created_at: number; runs: number; last_run_at: number | null }>(
        `SELECT e.id, e.name, e.created_at, count(r.id) AS runs, max(r.started_at) AS last_run_at
         FROM tracking_experiment e LEFT JOIN tracking_run r ON r.experiment_id = e.id
         GROUP BY e.id ORDER BY coalesce(max(r.started_at), e.created_at) DESC, e.name`,
      )
      .all()
      .map((row) => ({
        id: row.id,
        name: row.name,
        runs: row.runs,
        createdAt: iso(row.created_at),
        lastRunAt: row.last_run_at === null ? null : iso(row.last_run_at),
      }));
  }

  /** Newest first. `experiment` is an id or a name. */
  list(input: { experiment?: string | undefined; limit?: number }): Run[] {
    const rows = this.#store
      .statement<RunRow>(
        `${SELECT_RUN} WHERE coalesce(? IN (e.id, e.name), 1) ORDER BY r.started_at DESC, r.rowid DESC LIMIT ?`,
      )
      .all(input.experiment ?? null, input.limit ?? 200);
    return this.#assemble(rows);
  }

  get(input: { id: string }): Run {
    return this.#assemble([this.#row(input.id)])[0]!;
  }

  /** The metrics that are curves: with more than one point. A second point is looked for, not all of them counted. */
  curves(input: { id: string }): string[] {
    this.#row(input.id);
    this.#recorders.get(input.id)?.flush();
    return this.#store
      .statement<{ metric: string }>(
        `SELECT metric FROM tracking_metric AS known WHERE run_id = ? AND EXISTS (
           SELECT 1 FROM tracking_metric_point AS point
           WHERE point.run_id = known.run_id AND point.metric = known.metric LIMIT 1 OFFSET 1
         ) ORDER BY metric`,
      )
      .all(input.id)
      .map((row) => row.metric);
  }

  history(input: { id: string; metric: string; points?: number }): MetricPoint[] {
    this.#row(input.id);
    this.#recorders.get(input.id)?.flush();
    const points = this.#store
      .statement<HistoryPoint>(
        `SELECT step, value, at FROM tracking_metric_point WHERE run_id = ? AND metric = ? ORDER BY step`,
      )
      .all(input.id, input.metric);
    return reduceHistory(points, input.points ?? 1000).map(({ step, value, at }) => ({
      step,
      value,
      at: iso(at),
    }));
  }

  evaluation(input: { id: string }): Evaluation | null {
    const { evaluation } = this.#row(input.id);
    return evaluation === null ? null : evaluationSchema.parse(JSON.parse(evaluation));
  }

  /** The bytes of one artifact, decrypted and checked. */
  artifact(input: { id: string; path: string }): Promise<Buffer> {
    const row = this.#store
      .statement<{ blob_id: string }>(`SELECT blob_id FROM tracking_artifact WHERE run_id = ? AND path = ?`)
      .get(input.id, input.path);
    if (!row) throw new FalajError('NOT_FOUND', `The run ${input.id} has no artifact ${input.path}.`);
    return this.#options.blobs.readAll(row.blob_id);
  }

  remove(input: { id: string }): { removed: true } {
    const run = this.#row(input.id);
    if (run.status === 'running') {
      throw new FalajError('CONFLICT', `The run ${input.id} is still going.`, {
        hint: 'Cancel its job first.',
      });
    }
    this.#store.transaction(() => {
      for (const { blob_id, path } of this.#artifactBlobs(input.id))
        this.#options.blobs.release(blob_id, artifactOwner(input.id, path));
      for (const table of OWNED_TABLES)
        this.#store.statement(`DELETE FROM ${table} WHERE run_id = ?`).run(input.id);
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

  startRun(start: StartRun): RunHandle {
    const { store, audit, clock, notify } = this.#options;
    const id = this.#newId();
    const now = clock();
    store.transaction(() => {
      const experimentId = this.#experimentId(start.experiment, now);
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
    });
    const recorder = new RunRecorder(id, this.#options, artifactOwner, (status, facts) =>
      this.#finish(id, status, facts),
    );
    this.#recorders.set(id, recorder);
    recorder.logParams(start.params ?? {});
    recorder.setTags(start.tags ?? {});
    notify('runs');
    return recorder;
  }

  #finish(id: string, status: Exclude<RunStatus, 'running'>, facts: RunFacts): void {
    const { store, audit, clock, notify } = this.#options;
    store.transaction(() => {
      for (const [metric, value] of Object.entries(facts.metrics ?? {})) {
        if (!Number.isFinite(value)) continue;
        store.statement(UPSERT_METRIC).run(id, metric, value);
      }
      store
        .statement(
          `UPDATE tracking_run SET status = ?, ended_at = ?, data = coalesce(?, data), model = coalesce(?, model), evaluation = coalesce(?, evaluation) WHERE id = ?`,
        )
        .run(
          status,
          clock(),
          facts.data ? JSON.stringify(facts.data) : null,
          facts.model ? JSON.stringify(facts.model) : null,
          facts.evaluation ? JSON.stringify(facts.evaluation) : null,
          id,
        );
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
      .statement<{ id: string }>(`SELECT id FROM tracking_run WHERE status = 'running'`)
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

  #experimentId(name: string, now: number): string {
    const known = this.#store
      .statement<{ id: string }>(`SELECT id FROM tracking_experiment WHERE name = ?`)
      .get(name);
    if (known) return known.id;
    const id = this.#newId();
    this.#store
      .statement(`INSERT INTO tracking_experiment (id, name, created_at) VALUES (?, ?, ?)`)
      .run(id, name, now);
    return id;
  }

  #row(id: string): RunRow {
    const row = this.#store.statement<RunRow>(`${SELECT_RUN} WHERE r.id = ?`).get(id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no run ${id}.`, { hint: 'See `falaj runs ls`.' });
    return row;
  }

  #artifactBlobs(id: string): { path: string; blob_id: string }[] {
    return this.#store
      .statement<{ path: string; blob_id: string }>(
        `SELECT path, blob_id FROM tracking_artifact WHERE run_id = ?`,
      )
      .all(id);
  }

  /** Five queries for a page of runs, however many they are. */
  #assemble(rows: readonly RunRow[]): Run[] {
    const ids = JSON.stringify(rows.map((row) => row.id));
    const pairs = (table: string, key: string): Map<string, [string, string | number][]> => {
      const found = new Map<string, [string, string | number][]>();
      const sql = `SELECT run_id, ${key} AS key, value FROM ${table} WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, ${key}`;
      for (const row of this.#store
        .statement<{ run_id: string; key: string; value: string | number }>(sql)
        .all(ids)) {
        const list = found.get(row.run_id);
        if (list) list.push([row.key, row.value]);
        else found.set(row.run_id, [[row.key, row.value]]);
      }
      return found;
    };
    for (const row of rows) this.#recorders.get(row.id)?.flush();
    const params = pairs('tracking_param', 'key');
    const tags = pairs('tracking_tag', 'key');
    const metrics = pairs('tracking_metric', 'metric');
    const artifacts = Map.groupBy(
      this.#store
        .statement<{ run_id: string; path: string; size_bytes: number; digest: string }>(
          `SELECT run_id, path, size_bytes, digest FROM tracking_artifact WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, path`,
        )
        .all(ids),
      (row) => row.run_id,
    );
    return rows.map((row) => ({
      id: row.id,
      experiment: row.experiment,
      name: row.name,
      status: row.status,
      startedAt: iso(row.started_at),
      endedAt: row.ended_at === null ? null : iso(row.ended_at),
      params: Object.fromEntries(params.get(row.id) ?? []) as Record<string, string>,
      metrics: Object.fromEntries(metrics.get(row.id) ?? []) as Record<string, number>,
      tags: Object.fromEntries(tags.get(row.id) ?? []) as Record<string, string>,
      artifacts: (artifacts.get(row.id) ?? []).map(({ path, size_bytes, digest }) => ({
        path,
        sizeBytes: size_bytes,
        digest,
      })),
      data: dataListSchema.parse(JSON.parse(row.data)),
      model: row.model === null ? null : modelLinkSchema.parse(JSON.parse(row.model)),
    }));
  }
}

const OWNED_TABLES = [
  'tracking_param',
  'tracking_tag',
  'tracking_metric',
  'tracking_metric_point',
  'tracking_artifact',
] as const;

const SELECT_RUN = `
  SELECT r.id, e.name AS experiment, r.name, r.status, r.started_at, r.ended_at, r.data, r.model, r.evaluation
  FROM tracking_run r JOIN tracking_experiment e ON e.id = r.experiment_id`;

const artifactOwner = (run: string, path: string): string => `run/${run}/${path}`;

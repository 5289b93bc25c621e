import type { Evaluation, LiveEvent, Run, RunStatus } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { UPSERT_METRIC } from './run-row.ts';

/** What is known of a run only at its end. */
export interface RunFacts {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly evaluation?: Evaluation;
  readonly data?: Run['data'];
  readonly model?: NonNullable<Run['model']>;
}

/** The writing end of one run. Points are kept in memory for a moment and written in batches. */
export interface RunHandle {
  readonly id: string;
  /** A finite value at a step; the same step again replaces it. */
  logMetric(metric: string, step: number, value: number): void;
  logParams(params: Readonly<Record<string, string>>): void;
  setTags(tags: Readonly<Record<string, string>>): void;
  /** Keeps the bytes encrypted; the same path again replaces them. */
  addArtifact(path: string, bytes: Uint8Array): Promise<void>;
  finish(status: Exclude<RunStatus, 'running'>, facts?: RunFacts): void;
}

interface PendingPoint {
  readonly metric: string;
  readonly step: number;
  readonly value: number;
  readonly at: number;
}

const BATCH_POINTS = 512;
const BATCH_AGE_MS = 500;
const ARTIFACT_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\\0][^\\\0]{0,249}$/;

export class RunRecorder implements RunHandle {
  readonly id: string;
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #audit: AuditLog;
  readonly #publish: (event: LiveEvent) => void;
  readonly #clock: () => number;
  readonly #owner: (run: string, path: string) => string;
  readonly #onFinish: (status: Exclude<RunStatus, 'running'>, facts: RunFacts) => void;
  #pending: PendingPoint[] = [];
  #open = true;

  constructor(
    id: string,
    rooms: {
      store: Store;
      blobs: BlobStore;
      audit: AuditLog;
      publish: (event: LiveEvent) => void;
      clock: () => number;
    },
    owner: (run: string, path: string) => string,
    onFinish: (status: Exclude<RunStatus, 'running'>, facts: RunFacts) => void,
  ) {
    this.id = id;
    this.#store = rooms.store;
    this.#blobs = rooms.blobs;
    this.#audit = rooms.audit;
    this.#publish = rooms.publish;
    this.#clock = rooms.clock;
    this.#owner = owner;
    this.#onFinish = onFinish;
  }

  logMetric(metric: string, step: number, value: number): void {
    this.#mustBeOpen();
    if (!Number.isFinite(value) || !Number.isSafeInteger(step)) {
      throw new FalajError('BAD_INPUT', `The metric ${metric} needs a finite value at a whole step.`);
    }
    const at = this.#clock();
    this.#pending.push({ metric, step, value, at });
    this.#publish({ topic: 'metrics', run: this.id, metric, step, value });
    if (this.#pending.length >= BATCH_POINTS || at - this.#pending[0]!.at >= BATCH_AGE_MS) this.flush();
  }

  logParams(params: Readonly<Record<string, string>>): void {
    this.#upsertPairs('tracking_param', params);
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    this.#upsertPairs('tracking_tag', tags);
  }

  async addArtifact(path: string, bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (!ARTIFACT_PATH.test(path))
      throw new FalajError('BAD_NAME', `${JSON.stringify(path)} is not a relative path.`);
    const staged = await this.#blobs.write(bytes);
    const owner = this.#owner(this.id, path);
    try {
      this.#store.transaction(() => {
        const before = this.#store
          .statement<{ blob_id: string }>(
            `SELECT blob_id FROM tracking_artifact WHERE run_id = ? AND path = ?`,
          )
          .get(this.id, path);
        if (before) this.#blobs.release(before.blob_id, owner);
        this.#blobs.adopt(staged, owner);
        this.#store
          .statement(
            `INSERT INTO tracking_artifact (run_id, path, blob_id, digest, size_bytes) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (run_id, path) DO UPDATE SET blob_id = excluded.blob_id, digest = excluded.digest, size_bytes = excluded.size_bytes`,
          )
          .run(this.id, path, staged.id, staged.sha256, staged.sizeBytes);
        this.#audit.append({
          action: 'run.artifact',
          object: `run/${this.id}`,
          details: { path, digest: staged.sha256 },
        });
      });
    } catch (error) {
      this.#blobs.discard(staged);
      throw error;
    }
  }

  /** Writes the points that wait, and the newest value of each metric. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const points = this.#pending;
    this.#pending = [];
    this.#store.transaction(() => {
      const insert = this.#store.statement(
        `INSERT INTO tracking_metric_point (run_id, metric, step, value, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (run_id, metric, step) DO UPDATE SET value = excluded.value, at = excluded.at`,
      );
      const latest = new Map<string, number>();
      for (const { metric, step, value, at } of points) {
        insert.run(this.id, metric, step, value, at);
        latest.set(metric, value);
      }
      for (const [metric, value] of latest) this.#store.statement(UPSERT_METRIC).run(this.id, metric, value);
    });
  }

  finish(status: Exclude<RunStatus, 'running'>, facts: RunFacts = {}): void {
    this.#mustBeOpen();
    this.flush();
    this.#onFinish(status, facts);
    this.#open = false;
  }

  #upsertPairs(table: 'tracking_param' | 'tracking_tag', pairs: Readonly<Record<string, string>>): void {
    this.#mustBeOpen();
    const upsert = this.#store.statement(
      `INSERT INTO ${table} (run_id, key, value) VALUES (?, ?, ?) ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value`,
    );
    this.#store.transaction(() => {
      for (const [key, value] of Object.entries(pairs)) upsert.run(this.id, key, value);
    });
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new FalajError('CONFLICT', `The run ${this.id} has ended.`);
  }
}

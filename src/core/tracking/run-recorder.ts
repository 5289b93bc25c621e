import type { Evaluation, LiveEvent, Run, RunStatus } from '../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';
import type { Store } from '../store/index.ts';
import type { ArtifactFiles } from './artifact-files.ts';
import type { MetricSample, MetricSeries } from './metrics/metric-series.ts';

/** What is known of a run only at its end. */
export interface RunFacts {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly evaluation?: Evaluation;
  readonly data?: Run['data'];
  readonly model?: NonNullable<Run['model']>;
  /** Why it failed. */
  readonly reason?: string;
}

/** The writing end of one run. Points are kept in memory for a moment and written in batches. */
export interface RunHandle {
  readonly id: string;
  /** A finite value at a step; of the same step the newest counts. */
  logMetric(metric: string, step: number, value: number): void;
  logParams(params: Readonly<Record<string, string>>): void;
  setTags(tags: Readonly<Record<string, string>>): void;
  /** Keeps the bytes encrypted; the same path again replaces them. */
  addArtifact(path: string, bytes: Uint8Array): Promise<void>;
  finish(status: Exclude<RunStatus, 'running'>, facts?: RunFacts): void;
}

const BATCH_POINTS = 512;
const BATCH_AGE_MS = 500;

/** Writes one run of the engine's own; points wait for a moment, so that many are one write. */
export class RunRecorder implements RunHandle {
  readonly id: string;
  readonly #store: Store;
  readonly #files: ArtifactFiles;
  readonly #series: MetricSeries;
  readonly #publish: (event: LiveEvent) => void;
  readonly #clock: () => number;
  readonly #onFinish: (status: Exclude<RunStatus, 'running'>, facts: RunFacts) => void;
  #pending: MetricSample[] = [];
  #open = true;

  constructor(
    id: string,
    rooms: {
      store: Store;
      files: ArtifactFiles;
      series: MetricSeries;
      publish: (event: LiveEvent) => void;
      clock: () => number;
    },
    onFinish: (status: Exclude<RunStatus, 'running'>, facts: RunFacts) => void,
  ) {
    this.id = id;
    this.#store = rooms.store;
    this.#files = rooms.files;
    this.#series = rooms.series;
    this.#publish = rooms.publish;
    this.#clock = rooms.clock;
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
    await this.#files.put({ kind: 'run', id: this.id }, path, bytes);
  }

  /** Writes the points that wait. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const points = this.#pending;
    this.#store.transaction(() => this.#series.append(this.id, points));
    // Only now: what a full disk did not take waits for the next time.
    this.#pending = [];
  }

  /** The same for a reader: on a full disk it sees what is there, and the points wait on. */
  flushIfPossible(): void {
    try {
      this.flush();
    } catch (error) {
      if (!isFalajError(error) || error.code !== 'DISK_FULL') throw error;
    }
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

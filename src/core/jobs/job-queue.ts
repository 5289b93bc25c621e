import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Job, JobLogLine, JobState } from '../../shared/contract/types.ts';
import { FalajError, isCancellation, toFalajError } from '../../shared/errors.ts';
import type { LiveBus } from '../events/index.ts';
import type { Store } from '../store/index.ts';
import type { JobContext, JobKind, JobLane } from './job-kind.ts';
import { JobLog } from './job-log.ts';
import { JobTable } from './job-table.ts';
import { ProgressMeter } from './progress-meter.ts';

/** Progress reaches listeners at most this often; the last update of a job always does. */
const PROGRESS_INTERVAL_MS = 100;

const ENDED: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);

const LANES: readonly JobLane[] = ['engine', 'script'];
/** Why a job's signal fires; it fires without a reason of ours when the engine stops. */
const CANCELLED = new FalajError('CANCELLED', 'The job was cancelled.');

interface Running {
  readonly lane: JobLane;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/**
 * The one queue for long work. A job is a row before it runs, so that a crash leaves a trace: what waited then goes on at the
 * next start, and what was running is `interrupted` and may be retried.
 */
export class JobQueue {
  readonly #table: JobTable;
  readonly #bus: LiveBus;
  readonly #clock: () => number;
  readonly #concurrency: Readonly<Record<JobLane, number>>;
  readonly #log: JobLog;
  readonly #kinds = new Map<string, JobKind<unknown, unknown>>();
  /** In the order of their turns. */
  readonly #waiting: Readonly<Record<JobLane, Set<string>>> = { engine: new Set(), script: new Set() };
  readonly #running = new Map<string, Running>();
  #closed = false;

  constructor(options: { store: Store; bus: LiveBus; clock: () => number; concurrency?: number }) {
    this.#table = new JobTable(options.store);
    this.#bus = options.bus;
    this.#clock = options.clock;
    this.#concurrency = { engine: options.concurrency ?? 2, script: os.availableParallelism() };
    this.#log = new JobLog({
      lastSequence: (job) => this.#table.lastLogSequence(job),
      keep: (job, lines) => this.#table.appendLog(job, lines),
      publish: (job, line) => this.#bus.publish({ topic: 'log', job, line }),
      clock: this.#clock,
    });
    this.#table.markInterrupted(this.#clock());
  }

  register<Input, Result>(kind: JobKind<Input, Result>): void {
    // The input is parsed by the kind's own schema before `run`, so forgetting its type here is safe.
    this.#kinds.set(kind.kind, kind as JobKind<unknown, unknown>);
  }

  /** Takes up what waited when the last engine ended; once all kinds are registered. */
  goOn(): void {
    for (const { id, kind: name } of this.#table.waiting()) {
      if (this.#running.has(id) || LANES.some((lane) => this.#waiting[lane].has(id))) continue;
      const kind = this.#kinds.get(name);
      if (kind !== undefined && kind.endsWithEngine !== true) this.#enqueue(id, kind);
      else this.#interrupt(id);
    }
  }

  start(kindName: string, input: unknown): { job: string } {
    if (this.#closed)
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is being locked; no new work is taken.');
    const kind = this.#kind(kindName);
    const parsed = parseInput(kind, input);
    const id = randomUUID();
    this.#table.insert({
      id,
      kind: kindName,
      title: kind.title(parsed),
      subject: kind.subject?.(parsed) ?? null,
      input: parsed,
      createdAt: this.#clock(),
    });
    this.#announce(id);
    this.#enqueue(id, kind);
    return { job: id };
  }

  list(input: { limit: number; state?: JobState | undefined }): Job[] {
    return this.#table.list(input.limit, input.state);
  }

  get(input: { id: string }): Job {
    return this.#table.get(input.id);
  }

  logs(input: { id: string; after: number; limit: number }): JobLogLine[] {
    this.#log.flush();
    return this.#table.logs(input.id, input.after, input.limit);
  }

  cancel(input: { id: string }): Job {
    const job = this.#table.get(input.id);
    const running = this.#running.get(input.id);
    if (running !== undefined) running.controller.abort(CANCELLED);
    else if (job.state === 'queued') {
      for (const lane of LANES) this.#waiting[lane].delete(input.id);
      this.#table.finish(input.id, { state: 'cancelled', at: this.#clock() });
      this.#announce(input.id);
    }
    return this.#table.get(input.id);
  }

  retry(input: { id: string }): Job {
    const job = this.#table.get(input.id);
    if (!ENDED.has(job.state) || job.state === 'succeeded') {
      throw new FalajError(
        'CONFLICT',
        `Job "${job.title}" is ${job.state}; only a job that did not succeed can be retried.`,
        { hint: ENDED.has(job.state) ? 'Start the work anew.' : 'Wait for its end, or cancel it first.' },
      );
    }
    this.#table.requeue(input.id);
    this.#announce(input.id);
    this.#enqueue(input.id, this.#kind(job.kind));
    return this.#table.get(input.id);
  }

  /** Resolves when the job has ended, however it ended. */
  async wait(id: string): Promise<Job> {
    const job = this.#table.get(id);
    if (ENDED.has(job.state)) return job;
    return new Promise((resolve) => {
      const stop = this.#bus.subscribe((event) => {
        if (event.topic !== 'jobs' || event.job.id !== id || !ENDED.has(event.job.state)) return;
        stop();
        resolve(event.job);
      });
    });
  }

  get busy(): boolean {
    return this.#running.size > 0 || LANES.some((lane) => this.#waiting[lane].size > 0);
  }

  /** Takes no new work, stops what runs and waits for its end. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const running of this.#running.values()) running.controller.abort();
    await Promise.all([...this.#running.values()].map((running) => running.done));
    // What still waits begins when the workspace is opened next.
    for (const lane of LANES) this.#waiting[lane].clear();
  }

  #interrupt(id: string): void {
    this.#table.finish(id, { state: 'interrupted', at: this.#clock() });
    this.#announce(id);
  }

  #enqueue(id: string, kind: JobKind<unknown, unknown>): void {
    const lane = kind.lane ?? 'engine';
    this.#waiting[lane].add(id);
    this.#dispatch(lane);
  }

  /** Begins what comes first in a lane, as long as it has room. */
  #dispatch(lane: JobLane): void {
    let room = this.#concurrency[lane];
    for (const running of this.#running.values()) if (running.lane === lane) room--;
    for (const id of this.#waiting[lane]) {
      if (room-- <= 0) return;
      this.#waiting[lane].delete(id);
      const controller = new AbortController();
      const done = this.#run(id, controller.signal).then(
        () => this.#ended(id, lane),
        // The disk did not even take the job's end: its row says running, and the next start finds it interrupted.
        () => this.#ended(id, lane),
      );
      this.#running.set(id, { lane, controller, done });
    }
  }

  #ended(id: string, lane: JobLane): void {
    this.#running.delete(id);
    try {
      this.#announce(id);
    } catch {
      // The store cannot be read any more; whoever asks for the job is told why.
    }
    if (!this.#closed) this.#dispatch(lane);
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    this.#table.start(id, this.#clock());
    this.#announce(id);
    const meter = new ProgressMeter(this.#clock);
    try {
      const kind = this.#kind(this.#table.get(id).kind);
      const result = await kind.run(
        this.#context(id, signal, meter),
        parseInput(kind, this.#table.input(id)),
      );
      this.#log.end(id);
      this.#table.finish(id, { state: 'succeeded', at: this.#clock(), result });
    } catch (error) {
      const falajError = toFalajError(error);
      const cancelled = signal.aborted || isCancellation(error);
      // A person's wish is not the engine's end, after which the work may be wanted all the same.
      const interrupted = signal.aborted && signal.reason !== CANCELLED;
      if (!cancelled) this.#log.add(id, 'error', `${falajError.code}: ${falajError.message}`);
      this.#log.end(id);
      this.#table.finish(id, {
        state: interrupted ? 'interrupted' : cancelled ? 'cancelled' : 'failed',
        at: this.#clock(),
        error: {
          code: cancelled ? 'CANCELLED' : falajError.code,
          message: falajError.message,
          hint: falajError.hint,
          details: { ...falajError.details },
        },
      });
    }
    this.#table.saveProgress(id, meter.current);
  }

  #context(id: string, signal: AbortSignal, meter: ProgressMeter): JobContext {
    let announcedAt = Number.NEGATIVE_INFINITY;
    return {
      id,
      signal,
      progress: (update) => {
        const before = meter.current.step;
        const progress = meter.update(update);
        const now = this.#clock();
        if (progress.step === before && now - announcedAt < PROGRESS_INTERVAL_MS) return;
        announcedAt = now;
        this.#bus.publish({ topic: 'jobs', job: { ...this.#table.get(id), progress } });
      },
      log: (level, text) => this.#log.add(id, level, text),
    };
  }

  #announce(id: string): void {
    this.#bus.publish({ topic: 'jobs', job: this.#table.get(id) });
  }

  #kind(name: string): JobKind<unknown, unknown> {
    const kind = this.#kinds.get(name);
    if (kind === undefined) throw new FalajError('NOT_FOUND', `There is no kind of job called "${name}".`);
    return kind;
  }
}

function parseInput(kind: JobKind<unknown, unknown>, input: unknown): unknown {
  const parsed = kind.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FalajError('BAD_INPUT', `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'not valid'}`);
}

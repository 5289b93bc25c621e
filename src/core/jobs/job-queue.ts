import { randomUUID } from 'node:crypto';
import { jobSchedule } from '../../shared/contract/jobs.ts';
import type {
  Job,
  JobLogLine,
  JobNeeds,
  JobPriority,
  JobScheduleInput,
  JobSlots,
  JobState,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { LiveBus } from '../events/index.ts';
import type { Store } from '../store/index.ts';
import { carryOut, type JobSurroundings, parseInput } from './carry-out.ts';
import { type Claim, FreeSlots, type GpuSlot } from './free-slots.ts';
import { gpuShortage } from './gpu-shortage.ts';
import { GpuWatch } from './gpu-watch.ts';
import { keptError } from './job-end.ts';
import type { JobKind, JobLane } from './job-kind.ts';
import { JobKinds } from './job-kinds.ts';
import { JobLog } from './job-log.ts';
import { type JobFilter, JobTable, type StoredJob } from './job-table.ts';
import { RunningJob } from './running-job.ts';
import { takenSlots } from './taken-slots.ts';
import { WaitingJobs } from './waiting-jobs.ts';

const ENDED: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);

/** A program that loads for longer than this before it takes its GPU's memory may find less of it. */
const SETTLED_AFTER_MS = 120_000;

const NOTHING: Claim = { cpus: 0, memoryBytes: 0, gpus: [] };

export interface JobQueueOptions {
  readonly store: Store;
  readonly bus: LiveBus;
  readonly clock: () => number;
  /** What programs of people share. */
  readonly machine: { readonly cpus: number; readonly memoryBytes: number };
  readonly gpus: () => Promise<readonly GpuSlot[]>;
  /** How many jobs of the engine's own run at once, and how many trainings. */
  readonly places?: { readonly engine: number; readonly training: number };
}

/**
 * The one queue for long work. A job is a row before it runs, so that a crash leaves a trace: what waited then goes on at the
 * next start, and what was running is `interrupted` and may be retried.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #table: JobTable;
  readonly #log: JobLog;
  readonly #gpus: GpuWatch;
  readonly #places: Readonly<Record<Exclude<JobLane, 'script'>, number>>;
  readonly #kinds: JobKinds;
  readonly #waiting = new WaitingJobs();
  readonly #running = new Map<string, { readonly job: RunningJob; readonly done: Promise<void> }>();
  readonly #around: JobSurroundings;
  /** What ran when the last engine died. */
  readonly #crashed: readonly string[];
  #closed = false;

  constructor(options: JobQueueOptions) {
    const { store, bus, clock } = options;
    this.#options = options;
    this.#table = new JobTable(store);
    this.#kinds = new JobKinds(options.machine);
    this.#places = options.places ?? { engine: 2, training: 2 };
    this.#log = new JobLog({
      lastSequence: (job) => this.#table.lastLogSequence(job),
      keep: (job, lines) => this.#table.appendLog(job, lines),
      publish: (job, line) => bus.publish({ topic: 'log', job, line }),
      clock,
    });
    this.#gpus = new GpuWatch({
      read: options.gpus,
      seen: (slots) => {
        this.#failForGpus((needs) => gpuShortage(slots, needs));
        this.#dispatch('script');
      },
      failed: (error) => this.#failForGpus(() => error),
      clock,
    });
    this.#around = {
      table: this.#table,
      log: this.#log,
      clock,
      kind: (name) => this.#kinds.get(name),
      announce: (id) => this.#announce(id),
    };
    this.#crashed = this.#table.markInterrupted(clock());
  }

  register<Input, Result>(kind: JobKind<Input, Result>): void {
    this.#kinds.add(kind);
  }

  /** Takes up what waited when the last engine ended, and what died with it and has attempts left; once all kinds are registered. */
  goOn(): void {
    for (const id of this.#crashed) {
      const { kind, attempt, schedule, state } = this.#table.get(id);
      const wanted = state === 'interrupted' && attempt <= schedule.retries;
      if (wanted && this.#kinds.outlivesEngine(kind)) this.#table.requeue(id);
    }
    for (const { id, kind } of this.#table.waiting()) {
      if (this.#running.has(id) || this.#waiting.has(id)) continue;
      if (this.#kinds.outlivesEngine(kind)) this.#enter(id);
      else this.#end(id, 'interrupted');
    }
  }

  /** @throws BAD_INPUT for input that the kind does not take, NOT_FOUND for a job to wait for that there is not. */
  start(kindName: string, input: unknown, schedule: JobScheduleInput = {}): { job: string } {
    if (this.#closed)
      throw new FalajError('WORKSPACE_LOCKED', 'The workspace is being locked; no new work is taken.');
    const kind = this.#kinds.get(kindName);
    const parsed = parseInput(kind, input);
    const id = randomUUID();
    const parsedSchedule = jobSchedule.parse(schedule);
    for (const other of parsedSchedule.after) this.#table.get(other);
    this.#table.insert({
      id,
      kind: kindName,
      title: kind.title(parsed),
      subject: kind.subject?.(parsed) ?? null,
      input: parsed,
      schedule: parsedSchedule,
      needs: this.#kinds.needsOf(kind, parsed),
      createdAt: this.#options.clock(),
    });
    this.#announce(id);
    this.#enter(id);
    return { job: id };
  }

  list(filter: JobFilter): Job[] {
    return this.#table.list(filter).map((job) => this.#described(job));
  }

  get(input: { id: string }): Job {
    return this.#described(this.#table.get(input.id));
  }

  logs(input: { id: string; after: number; limit: number }): JobLogLine[] {
    this.#log.flush();
    return this.#table.logs(input.id, input.after, input.limit);
  }

  /** Whether it is being carried out. */
  isRunning(id: string): boolean {
    return this.#running.has(id);
  }

  slots(): JobSlots {
    return takenSlots({
      running: [...this.#running.values()].map(({ job }) => job),
      waiting: (lane) => this.#waiting.inLine(lane),
      places: this.#places,
      machine: this.#options.machine,
    });
  }

  cancel({ id }: { id: string }): Job {
    const { state } = this.#table.get(id);
    const running = this.#running.get(id);
    if (running !== undefined) running.job.stop('cancelled');
    else if (state === 'queued') {
      this.#waiting.leave(id);
      this.#end(id, 'cancelled');
    }
    return this.get({ id });
  }

  /** Whether the job runs a program of a person. */
  startsProgram({ id }: { id: string }): boolean {
    const kind = this.#kinds.get(this.#table.get(id).kind);
    return kind.startsProgram?.(parseInput(kind, this.#table.input(id))) ?? false;
  }

  retry({ id }: { id: string }): Job {
    const job = this.#table.get(id);
    if (!ENDED.has(job.state) || job.state === 'succeeded') {
      throw new FalajError(
        'CONFLICT',
        `Job "${job.title}" is ${job.state}; only a job that did not succeed can be retried.`,
        { hint: ENDED.has(job.state) ? 'Start the work anew.' : 'Wait for its end, or cancel it first.' },
      );
    }
    this.#kinds.get(job.kind);
    this.#table.requeue(id);
    this.#announce(id);
    this.#enter(id);
    return this.get({ id });
  }

  /** @throws CONFLICT for a job that has ended, or that runs and cannot be halted. */
  pause({ id }: { id: string }): Job {
    const job = this.#table.get(id);
    const running = this.#running.get(id);
    const kind = running === undefined ? null : this.#kinds.get(job.kind);
    if (running?.job.isSuspendable(kind?.halts === true)) {
      running.job.suspend();
      this.#table.pause(id, true);
    } else if (running !== undefined && kind?.continues === true) {
      running.job.stop('paused');
    } else if (running === undefined && job.state === 'queued') {
      this.#waiting.leave(id);
      this.#table.pause(id, true);
    } else {
      const running = job.state === 'running';
      throw new FalajError(
        'CONFLICT',
        running ? `Job "${job.title}" cannot be paused while it runs.` : `Job "${job.title}" has ended.`,
        { hint: running ? 'Wait for its end, or cancel it and retry it later.' : '' },
      );
    }
    this.#announce(id);
    return this.get({ id });
  }

  resume({ id }: { id: string }): Job {
    const job = this.#table.get(id);
    if (!job.paused) throw new FalajError('CONFLICT', `Job "${job.title}" is not paused.`);
    this.#running.get(id)?.job.goOn();
    this.#table.pause(id, false);
    this.#announce(id);
    if (job.state === 'queued') this.#enter(id);
    return this.get({ id });
  }

  prioritize({ id, priority }: { id: string; priority: JobPriority }): Job {
    const job = this.#table.get(id);
    if (job.state !== 'queued') {
      throw new FalajError(
        'CONFLICT',
        `Job "${job.title}" is ${job.state}; only one that waits can be moved.`,
      );
    }
    this.#table.prioritize(id, priority);
    this.#announce(id);
    const lane = this.#kinds.laneOf(job);
    if (this.#waiting.move(id, lane, priority)) this.#dispatch(lane);
    return this.get({ id });
  }

  /** Resolves when the job has ended, however it ended. */
  async wait(id: string): Promise<Job> {
    const job = this.get({ id });
    if (ENDED.has(job.state)) return job;
    return new Promise((resolve) => {
      const stop = this.#options.bus.subscribe((event) => {
        if (event.topic !== 'jobs' || event.job.id !== id || !ENDED.has(event.job.state)) return;
        stop();
        resolve(event.job);
      });
    });
  }

  get busy(): boolean {
    return this.#running.size > 0 || this.#waiting.size > 0;
  }

  /** Takes no new work, stops what runs and waits for its end. What waits begins when the workspace is opened next. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#gpus.close();
    this.#waiting.clear();
    for (const { job } of this.#running.values()) job.stop('engine');
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Puts a queued job where it waits: until a time, for other jobs, or in line. */
  #enter(id: string): void {
    const job = this.#table.get(id);
    if (job.paused) return;
    const delayMs = job.beginsAt === null ? 0 : Date.parse(job.beginsAt) - this.#options.clock();
    if (delayMs > 0) {
      this.#waiting.delay(id, delayMs, () => this.#enter(id));
      this.#announce(id);
      return;
    }
    const others = job.schedule.after.map((other) => this.#table.get(other));
    const failed = others.find(({ state }) => ENDED.has(state) && state !== 'succeeded');
    if (failed !== undefined) {
      this.#end(id, 'cancelled', inVain(failed));
      return;
    }
    const pending = others.filter(({ state }) => !ENDED.has(state)).map((other) => other.id);
    if (pending.length > 0) {
      this.#waiting.until(id, pending);
      this.#announce(id);
      return;
    }
    const lane = this.#kinds.laneOf(job);
    this.#waiting.standInLine(id, { lane, priority: job.schedule.priority, needs: job.needs });
    this.#dispatch(lane);
  }

  /** Begins what comes first in a lane, as long as there is room. */
  #dispatch(lane: JobLane): void {
    if (this.#closed) return;
    const running = [...this.#running.values()].map(({ job }) => job);
    if (lane !== 'script') {
      const room = this.#places[lane] - running.filter((job) => job.lane === lane).length;
      for (const id of this.#waiting.take(lane, room)) this.#begin(id, lane, NOTHING);
      return;
    }
    const machine = { ...this.#options.machine, gpus: this.#gpus.slots };
    const settledBefore = this.#options.clock() - SETTLED_AFTER_MS;
    const isSettled = ({ startedAt }: RunningJob): boolean => startedAt < settledBefore;
    const free = new FreeSlots(
      machine,
      running.filter(isSettled).map(({ claim }) => claim),
    );
    for (const job of running) if (!isSettled(job)) free.take(job.claim);
    const { begin, short, wantGpus } = this.#waiting.takeScripts(free);
    for (const { id, claim } of begin) this.#begin(id, lane, claim);
    if (wantGpus) this.#gpus.look();
    for (const id of short) this.#announce(id);
  }

  /** Ends those that wait for GPUs in vain. */
  #failForGpus(why: (needs: JobNeeds) => FalajError | null): void {
    for (const { id, needs } of this.#waiting.forGpus()) {
      const error = why(needs);
      if (error === null) continue;
      this.#waiting.leave(id);
      this.#end(id, 'failed', error);
    }
  }

  #begin(id: string, lane: JobLane, claim: Claim): void {
    const job = new RunningJob({ lane, claim, clock: this.#options.clock });
    // The disk may not even take the job's end: its row says running then, and the next start finds it interrupted.
    const ended = (): void => this.#ended(id, job);
    this.#running.set(id, { job, done: carryOut(this.#around, id, job).then(ended, ended) });
  }

  #ended(id: string, job: RunningJob): void {
    this.#running.delete(id);
    job.ended();
    try {
      this.#announce(id);
      if (this.#closed) return;
      if (this.#table.get(id).state === 'queued') this.#enter(id);
      else this.#release(id);
    } catch {
      // The store cannot be read any more; whoever asks for the job is told why.
    }
    this.#dispatch(job.lane);
  }

  /** Ends a job that has not begun. */
  #end(id: string, state: 'cancelled' | 'interrupted' | 'failed', error?: FalajError): void {
    const at = this.#options.clock();
    this.#table.finish(id, { state, at, ...(error === undefined ? {} : { error: keptError(error, state) }) });
    this.#announce(id);
    this.#release(id);
  }

  /** Lets go on what waited for a job that has ended, or ends it too when it waited in vain. */
  #release(id: string): void {
    const job = this.#table.get(id);
    if (job.state === 'succeeded') {
      for (const ready of this.#waiting.succeeded(id)) this.#enter(ready);
      return;
    }
    for (const waiting of this.#waiting.awaiting(id)) {
      this.#waiting.leave(waiting);
      this.#end(waiting, 'cancelled', inVain(job));
    }
  }

  #announce(id: string): void {
    this.#options.bus.publish({ topic: 'jobs', job: this.get({ id }) });
  }

  /** With what the table does not hold: why it waits, and how far it is before it has ended. */
  #described(job: StoredJob): Job {
    if (job.state !== 'queued') {
      const progress = this.#running.get(job.id)?.job.progress ?? job.progress;
      return { ...job, progress, waitsFor: null };
    }
    return { ...job, waitsFor: job.paused ? 'paused' : this.#waiting.reasonOf(job.id) };
  }
}

const inVain = ({ id, title, state }: StoredJob): FalajError =>
  new FalajError('CANCELLED', `It waited for "${title}", which is ${state}.`, {
    hint: `Retry job ${id} first, and then this one.`,
  });

import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { FalajError } from '../../../../shared/errors.ts';
import type { Column, StringColumn } from '../../../../shared/table/column.ts';
import type { ColumnHash } from '../../../../trust/table-hash/index.ts';
import { entryPoint } from '../../../processes/index.ts';
import type { ComputedFeatures, FeatureTask, HistoryTask, PreparedHistory } from './feature-task.ts';
import type { Stretch, StretchTask } from './stretch-task.ts';
import type { KeyedWindows, PartitionTask, WindowTask } from './window-task.ts';

export type FeatureWork =
  | { readonly kind: 'prepare'; readonly task: HistoryTask }
  | { readonly kind: 'compute'; readonly task: FeatureTask }
  | { readonly kind: 'partition'; readonly task: PartitionTask }
  | { readonly kind: 'windows'; readonly task: WindowTask }
  | { readonly kind: 'stretch'; readonly task: StretchTask }
  | { readonly kind: 'hash'; readonly column: Exclude<Column, StringColumn> };

/** Nothing is answered to this. */
export interface Forget {
  readonly kind: 'forget';
}

export type FeatureAnswer =
  | { readonly prepared: PreparedHistory }
  | { readonly computed: ComputedFeatures }
  | { readonly partitioned: KeyedWindows }
  | { readonly swept: true }
  | { readonly stretch: Stretch }
  | { readonly hash: ColumnHash };

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
}

const MOST_THREADS = 4;
/** How long a thread waits for more work: starting one costs some 40 ms. */
const IDLE_MS = 5_000;
/** After that it lets go of the histories that it has seen: their memory is shared, and stays as long as any thread knows of it. */
const FORGET_MS = 200;

interface Thread {
  readonly worker: Worker;
  readonly exited: Promise<void>;
  /** Lets the thread forget, and then ends it, when nothing has come for a while. */
  timer: NodeJS.Timeout | undefined;
}

/** Threads that compute features away from the engine's own, started when there is work and ended when there is none. */
export class FeatureThreads {
  readonly #idle: Thread[] = [];
  readonly #alive = new Set<Worker>();
  /** Of no more use, and not gone yet. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  async prepare(task: HistoryTask, options: RunOptions = {}): Promise<PreparedHistory> {
    const answer = await this.#run({ kind: 'prepare', task }, options);
    if ('prepared' in answer) return answer.prepared;
    throw noResult();
  }

  async compute(task: FeatureTask, options: RunOptions = {}): Promise<ComputedFeatures> {
    const answer = await this.#run({ kind: 'compute', task }, options);
    if ('computed' in answer) return answer.computed;
    throw noResult();
  }

  async partition(task: PartitionTask, options: RunOptions = {}): Promise<KeyedWindows> {
    const answer = await this.#run({ kind: 'partition', task }, options);
    if ('partitioned' in answer) return answer.partitioned;
    throw noResult();
  }

  /** What is found is in the task's outputs, which therefore lie in memory that threads share. */
  async windows(task: WindowTask, options: RunOptions = {}): Promise<void> {
    const answer = await this.#run({ kind: 'windows', task }, options);
    if (!('swept' in answer)) throw noResult();
  }

  async stretch(task: StretchTask, options: RunOptions = {}): Promise<Stretch> {
    const answer = await this.#run({ kind: 'stretch', task }, options);
    if ('stretch' in answer) return answer.stretch;
    throw noResult();
  }

  /** The hash of a column; a text's dictionary would take longer to hand over than to hash. */
  async hash(column: Exclude<Column, StringColumn>, options: RunOptions = {}): Promise<ColumnHash> {
    const answer = await this.#run({ kind: 'hash', column }, options);
    if ('hash' in answer) return answer.hash;
    throw noResult();
  }

  /** Lets the threads let go of what nobody else knows any more, each after what it is at. */
  forget(): void {
    for (const worker of this.#alive) worker.postMessage({ kind: 'forget' } satisfies Forget);
  }

  /** Ends those that wait for work, and sees those gone that were given up. */
  async close(): Promise<void> {
    await Promise.all([...this.#idle.splice(0).map(end), ...this.#leaving]);
  }

  #forget(thread: Thread): void {
    thread.worker.postMessage({ kind: 'forget' } satisfies Forget);
    thread.timer = setTimeout(() => {
      this.#takeFromIdle(thread);
      void end(thread);
    }, IDLE_MS - FORGET_MS).unref();
  }

  #takeFromIdle(thread: Thread): void {
    const place = this.#idle.indexOf(thread);
    if (place >= 0) this.#idle.splice(place, 1);
    clearTimeout(thread.timer);
  }

  #start(): Thread {
    const worker = new Worker(entryPoint('feature-worker'));
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const thread: Thread = { worker, exited, timer: undefined };
    this.#alive.add(worker);
    // Whoever waits for an answer is told; of a thread that idles nobody would be, and the engine would end with it.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      this.#alive.delete(worker);
      this.#takeFromIdle(thread);
    });
    return thread;
  }

  async #run(work: FeatureWork, options: RunOptions): Promise<FeatureAnswer> {
    while (this.#running >= Math.min(MOST_THREADS, os.availableParallelism())) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
    try {
      options.signal?.throwIfAborted();
      const thread = this.#idle.pop() ?? this.#start();
      clearTimeout(thread.timer);
      thread.worker.ref();
      return await this.#answer(thread, work, options);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  async #answer(thread: Thread, work: FeatureWork, options: RunOptions): Promise<FeatureAnswer> {
    try {
      const answer = await answerOf(thread.worker, work, options);
      thread.worker.unref();
      thread.timer = setTimeout(() => this.#forget(thread), FORGET_MS).unref();
      this.#idle.push(thread);
      return answer;
    } catch (error) {
      this.#leaving.add(thread.exited);
      void thread.exited.then(() => this.#leaving.delete(thread.exited));
      throw error;
    }
  }
}

async function end({ worker, timer }: Thread): Promise<void> {
  clearTimeout(timer);
  await worker.terminate();
}

/**
 * The answer to one piece of work. Cancelling ends the thread; a thread that fails is gone as well. One that compresses is
 * ended when it has come to the end of its stretch: Node 24 aborts the whole process when a thread is ended between the
 * making of a compressor and its initialization (`CompressionStream::Close`, "close before init").
 */
function answerOf(worker: Worker, work: FeatureWork, options: RunOptions): Promise<FeatureAnswer> {
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    const stop = (): void => {
      isGivenUp = true;
      reject(new FalajError('CANCELLED', 'The computation of the features was stopped.'));
      if (work.kind !== 'stretch') void worker.terminate();
    };
    const onMessage = (message: FeatureAnswer): void => {
      settle();
      if (isGivenUp) void worker.terminate();
      else resolve(message);
    };
    const onExit = (): void => {
      settle();
      reject(noResult());
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const settle = (): void => {
      options.signal?.removeEventListener('abort', stop);
      worker.off('message', onMessage).off('exit', onExit).off('error', onError);
    };
    worker.on('message', onMessage).once('exit', onExit).once('error', onError);
    options.signal?.addEventListener('abort', stop, { once: true });
    worker.postMessage(work);
  });
}

const noResult = (): FalajError =>
  new FalajError('CHILD_FAILED', 'The thread that computes features ended without a result.');

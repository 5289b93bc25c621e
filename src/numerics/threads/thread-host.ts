/**
 * Lends threads to a fit. The fit blocks its own thread and talks to the others through shared memory alone: the host has to
 * start them and hand each the task. A thread that comes too late is not needed.
 */
export interface ThreadHost<Task> {
  /** Threads besides the one that fits. */
  readonly helpers: number;
  /** Starts all helpers with this task, which can be posted to a thread. */
  start(task: Task): void;
  /** How long the fit may wait for helpers that are still starting once it could go on alone. */
  readonly patienceMs: number;
  /** Told how many threads take part, the fitting one among them. */
  readonly formed?: (threads: number) => void;
  /** Microseconds of any clock that runs on: bounds how long a thread spins before it sleeps. */
  nowMicros(): number;
}

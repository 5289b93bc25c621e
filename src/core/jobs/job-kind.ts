import type { z } from 'zod';
import type { JobNeeds } from '../../shared/contract/types.ts';

export interface ProgressUpdate {
  /** 0 to 1, or null while unknown. */
  readonly fraction?: number | null;
  /** Stable key of the step now running; the screens translate it. */
  readonly step?: string;
  readonly detail?: string;
  /** How many units are done, from which the rate is computed. */
  readonly done?: number;
  readonly unit?: string;
  /** By work that knows it better than its fraction tells; null while it does not know. */
  readonly remainingMs?: number | null;
}

/** How work is halted where it is. Neither throws. */
export interface Suspension {
  pause(): void;
  resume(): void;
}

/** What a running job may do to the world it was started from. */
export interface JobContext {
  readonly id: string;
  /** Fires when the job is cancelled or the engine stops. */
  readonly signal: AbortSignal;
  progress(update: ProgressUpdate): void;
  /** Kept encrypted with the job. No data values, no secrets. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
  /** Keeps what must not be lost, such as how the work ended; waits while the disk is full. Only the queue can wait. */
  keep?(work: () => void): Promise<void>;
  /** The GPUs, or slices of them, that it was given; empty unless it needs some. Only the queue gives them. */
  readonly gpus?: readonly string[];
}

/** What the queue gives work of its own besides. */
export interface QueuedJobContext extends JobContext {
  readonly gpus: readonly string[];
  /** Says that the work can be halted where it is from now on, or with null that it cannot any more. */
  suspendable(suspension: Suspension | null): void;
  keep(work: () => void): Promise<void>;
}

export type JobLane = 'engine' | 'training' | 'script';

/** One sort of long work: rooms declare theirs, the queue runs them. */
export interface JobKind<Input = unknown, Result = unknown> {
  readonly kind: string;
  readonly input: z.ZodType<Input>;
  title(input: Input): string;
  /** URL of the object the job works on. */
  subject?(input: Input): string | null;
  /** Where it waits for its turn: the engine's own work, unless said. Trainings take hours, and scripts of people days. */
  readonly lane?: JobLane;
  /** What it takes of the machine. What takes something waits among the scripts, whatever its lane; null for a turn in its lane. */
  needs?(input: Input): JobNeeds | null;
  /** Whether it runs a program of a person: those are begun, and tried again, on the machine itself alone. */
  startsProgram?(input: Input): boolean;
  /** Begun again, it goes on from what it kept: so it is paused by stopping it. */
  readonly continues?: boolean;
  /** It says by `suspendable`, once it has begun, how it is halted: so it is paused before that, too. */
  readonly halts?: boolean;
  /** Its input means nothing to a later engine: what still waits when this one ends is interrupted, and does not begin. */
  readonly endsWithEngine?: boolean;
  run(context: QueuedJobContext, input: Input): Promise<Result>;
}

/** Keeps the input's type inside a kind while the queue holds kinds of every type. */
export const defineJob = <Input, Result>(kind: JobKind<Input, Result>): JobKind<Input, Result> => kind;

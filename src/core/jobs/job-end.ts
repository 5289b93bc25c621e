import type { z } from 'zod';
import type { jobError } from '../../shared/contract/jobs.ts';
import type { JobSchedule } from '../../shared/contract/types.ts';
import { FalajError, isCancellation, toFalajError } from '../../shared/errors.ts';
import { formatDuration } from '../../shared/units.ts';
import type { StopReason } from './running-job.ts';

/** What becomes of a job whose work threw. */
export type JobEnd =
  | { readonly state: 'failed' | 'cancelled' | 'interrupted'; readonly error: FalajError }
  | { readonly state: 'held back' }
  | { readonly state: 'tried again'; readonly error: FalajError; readonly delayMs: number };

const LONGEST_DELAY_MS = 3_600_000;

/** Twice as long before each next attempt. `attempt` is the one that failed, from 1. */
export const retryDelayMs = ({ retryDelayMs: first }: JobSchedule, attempt: number): number =>
  Math.min(first * 2 ** (attempt - 1), LONGEST_DELAY_MS);

/** What becomes of a job, by what its work threw and whether it was stopped. */
export function endOf(
  thrown: unknown,
  {
    stopped,
    schedule,
    attempt,
  }: {
    readonly stopped: StopReason | null;
    readonly schedule: JobSchedule;
    readonly attempt: number;
  },
): JobEnd {
  const error = toFalajError(thrown);
  if (stopped === 'paused') return { state: 'held back' };
  // The engine's end is not a person's wish: the work may be wanted all the same.
  if (stopped === 'engine') return { state: 'interrupted', error };
  if (stopped === 'time limit') {
    const limit = formatDuration(schedule.timeLimitMs! * 1000);
    const hint = 'Give it more time, or less to do.';
    return { state: 'failed', error: new FalajError('TIMED_OUT', `It took longer than ${limit}.`, { hint }) };
  }
  if (stopped === 'cancelled' || isCancellation(thrown)) return { state: 'cancelled', error };
  // The same input is as wrong the next time.
  if (attempt <= schedule.retries && error.code !== 'BAD_INPUT')
    return { state: 'tried again', error, delayMs: retryDelayMs(schedule, attempt) };
  return { state: 'failed', error };
}

/** As it is kept with the job. */
export const keptError = (
  error: FalajError,
  state: 'failed' | 'cancelled' | 'interrupted',
): z.infer<typeof jobError> => ({
  code: state === 'failed' ? error.code : 'CANCELLED',
  message: error.message,
  hint: error.hint,
  details: { ...error.details },
});

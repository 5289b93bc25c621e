import type { EngineClient, Job, JobState } from '../../shared/contract/types.ts';
import { FalajError, isErrorCode } from '../../shared/errors.ts';
import type { ProgressDisplay } from './progress-display.ts';

const ENDED: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted']);

export interface FollowJobOptions {
  readonly client: EngineClient;
  /** Asks for the work, and gives the job's id. */
  readonly start: () => Promise<{ job: string }>;
  readonly display: ProgressDisplay;
  /** Ctrl-C: the job is cancelled, and its end awaited, so that nothing half-done stays. */
  readonly signal: AbortSignal;
}

/** Starts a job and stays with it to its end. Gives its result; a failure is thrown as the error it ended with. */
export async function followJob(options: FollowJobOptions): Promise<unknown> {
  const { client, display, signal } = options;
  throwIfStopped(signal);
  const leaving = new AbortController();
  const stream = await client.live.follow({ topics: [{ topic: 'jobs' }] }, { signal: leaving.signal });
  let cancel: (() => void) | undefined;
  try {
    await stream.next(); // the first heartbeat: from here on no event is missed
    const { job: id } = await options.start();
    cancel = () => void client.jobs.cancel({ id }).catch(() => undefined); // it has ended meanwhile, or the engine is gone: the stream tells
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    const ended = (await endedJob(client, id)) ?? (await endInStream(stream, id, display));
    return outcome(ended ?? (await client.jobs.get({ id })));
  } finally {
    display.end();
    if (cancel !== undefined) signal.removeEventListener('abort', cancel);
    leaving.abort();
    await stream.return?.().catch(() => undefined); // it was only to be closed
  }
}

async function endedJob(client: EngineClient, id: string): Promise<Job | null> {
  const job = await client.jobs.get({ id });
  return ENDED.has(job.state) ? job : null;
}

type LiveStream = Awaited<ReturnType<EngineClient['live']['follow']>>;

async function endInStream(stream: LiveStream, id: string, display: ProgressDisplay): Promise<Job | null> {
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
    const event = next.value;
    if (event.topic !== 'jobs' || event.job.id !== id) continue;
    if (ENDED.has(event.job.state)) return event.job;
    display.show(event.job);
  }
  return null;
}

const SCRIPT_JOB = 'scripts.run';

/** A job's result, or its failure as an error. */
export function outcome(job: Job): unknown {
  switch (job.state) {
    case 'succeeded':
      return job.result;
    case 'cancelled':
      throw new FalajError(
        'CANCELLED',
        job.kind === SCRIPT_JOB
          ? `${job.title}: stopped. What it logged until then is kept with its run.`
          : `${job.title}: stopped. Nothing half-done was kept.`,
      );
    case 'interrupted':
      throw new FalajError('ENGINE_GONE', `${job.title}: the engine stopped before it was done.`, {
        hint: `falaj jobs retry ${job.id}`,
      });
    case 'failed': {
      const error = job.error ?? { code: 'INTERNAL', message: 'The job failed.', hint: '' };
      throw new FalajError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message, {
        hint: error.hint,
        details: { ...job.error?.details, job: job.id },
      });
    }
    default:
      throw new FalajError('ENGINE_GONE', `${job.title}: its end was not seen.`, {
        hint: `falaj jobs show ${job.id}`,
      });
  }
}

function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new FalajError('CANCELLED', 'Stopped.');
}

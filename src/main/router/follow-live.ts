import type { JobLogLine, LiveEvent, LiveTopic } from '../../shared/contract/types.ts';
import { isFalajError } from '../../shared/errors.ts';
import { LiveInbox } from './live-inbox.ts';
import type { RoutedEngine } from './routed-engine.ts';

/** Proxies and pages learn within this time that the stream still lives. */
export const HEARTBEAT_MS = 15_000;

/** Log lines taken from the job's table at a time. */
const LOG_PAGE_LINES = 500;

export interface FollowOptions {
  /** Needed to wake a follower that waits: `return()` alone cannot. */
  readonly signal?: AbortSignal;
  readonly heartbeatMs?: number;
  readonly clock?: () => number;
}

/**
 * All topics of a page in one stream. Its first event is a heartbeat: from then on nothing is missed, so a page that lists
 * after it has the whole picture. A slow reader gets the newest state of a job, room or sample, not each one in between;
 * log lines come from the job's table, in order and complete.
 */
export async function* followLive(
  engine: RoutedEngine,
  topics: readonly LiveTopic[],
  options: FollowOptions = {},
): AsyncGenerator<LiveEvent, void, void> {
  const clock = options.clock ?? Date.now;
  const inbox = new LiveInbox(topics);
  const logs = new Map<string, number>();
  for (const topic of topics) if (topic.topic === 'log') logs.set(topic.job, topic.after);
  const stopped = (): boolean => options.signal?.aborted === true;
  const unsubscribe = engine.bus.subscribe((event) => inbox.put(event));
  const sampling = topics.some((topic) => topic.topic === 'telemetry')
    ? engine.devices.telemetry()
    : undefined;
  try {
    yield { topic: 'heartbeat', at: clock() };
    for (const job of logs.keys()) yield* newLogLines(engine, logs, job);
    while (!stopped()) {
      const woken = await inbox.wait(options.heartbeatMs ?? HEARTBEAT_MS, options.signal);
      if (!woken && !stopped()) yield { topic: 'heartbeat', at: clock() };
      for (const event of inbox.take()) {
        if (event.topic === 'log') yield* newLogLines(engine, logs, event.job);
        else yield event;
      }
    }
  } finally {
    sampling?.stop();
    unsubscribe();
  }
}

async function* newLogLines(
  engine: RoutedEngine,
  logs: Map<string, number>,
  job: string,
): AsyncGenerator<LiveEvent, void, void> {
  for (;;) {
    const lines = await readLog(engine, job, logs.get(job) ?? 0);
    for (const line of lines) {
      logs.set(job, line.sequence);
      yield { topic: 'log', job, line };
    }
    if (lines.length < LOG_PAGE_LINES) return;
  }
}

/** A job that is gone, or a workspace locked meanwhile, has no more lines; the page's next call says why. */
async function readLog(engine: RoutedEngine, job: string, after: number): Promise<readonly JobLogLine[]> {
  try {
    return await engine.rooms.jobs.logs({ id: job, after, limit: LOG_PAGE_LINES });
  } catch (error) {
    if (isFalajError(error) && (error.code === 'NOT_FOUND' || error.code === 'WORKSPACE_LOCKED')) return [];
    throw error;
  }
}

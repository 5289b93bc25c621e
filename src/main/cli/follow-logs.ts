import type { EngineClient, JobLogLine } from '../../shared/contract/types.ts';

const LOG_PAGE_LINES = 1000;

/** What a job has said so far. */
export async function* storedLines(client: EngineClient, id: string): AsyncGenerator<JobLogLine> {
  for (let after = 0; ; ) {
    const page = await client.jobs.logs({ id, after, limit: LOG_PAGE_LINES });
    yield* page;
    if (page.length < LOG_PAGE_LINES) return;
    after = page.at(-1)!.sequence;
  }
}

export interface FollowLogsOptions {
  readonly client: EngineClient;
  readonly id: string;
  readonly show: (line: JobLogLine) => void;
  readonly signal: AbortSignal;
}

/** What a job said and says, each line once, until it has ended. */
export async function followLogs({ client, id, show, signal }: FollowLogsOptions): Promise<void> {
  let seen = 0;
  const showNew = (line: JobLogLine): void => {
    if (line.sequence <= seen) return;
    seen = line.sequence;
    show(line);
  };
  const isRunning = async (): Promise<boolean> =>
    ['queued', 'running'].includes((await client.jobs.get({ id })).state);
  const stream = await client.live.follow(
    { topics: [{ topic: 'jobs' }, { topic: 'log', job: id, after: 0 }] },
    { signal },
  );
  await stream.next(); // the first heartbeat: nothing is missed from here on
  if (await isRunning()) {
    for await (const event of stream) {
      if (event.topic === 'log') showNew(event.line);
      else if (
        event.topic === 'jobs' &&
        event.job.id === id &&
        !['queued', 'running'].includes(event.job.state)
      )
        break;
    }
  }
  for await (const line of storedLines(client, id)) showNew(line);
}

import { useCallback, useState } from 'react';
import type { EngineClient, Job } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { useAction } from '../../engine/use-action.ts';
import { type Query, useQuery } from '../../engine/use-query.ts';
import { inOrder } from './job-order.ts';

const PAGE = 200;
const MOST_WAITING = 1000;

const olderThan = (client: EngineClient, before: string) => client.jobs.list({ limit: PAGE, before });

export interface Jobs {
  readonly query: Query<Job[]>;
  /** In the order of the board. */
  readonly all: readonly Job[];
  readonly error: FalajError | undefined;
  /** Asks for those older than all that are here. */
  readonly more: () => void;
}

/** All that runs and waits, and what has ended as far back as was asked. */
export function useJobs(): Jobs {
  const query = useQuery('jobs', 'list', { limit: PAGE });
  const running = useQuery('jobs', 'list', { state: 'running', limit: MOST_WAITING });
  const waiting = useQuery('jobs', 'list', { state: 'queued', limit: MOST_WAITING });
  const [older, setOlder] = useState<{ readonly jobs: readonly Job[]; readonly whole: boolean }>({
    jobs: [],
    whole: false,
  });
  const ask = useAction(olderThan);
  const newest = query.data ?? [];
  const last = older.jobs.at(-1) ?? newest.at(-1);
  const { run, busy } = ask;
  const isWhole = older.whole || newest.length < PAGE;
  const more = useCallback(() => {
    if (last === undefined || busy || isWhole) return;
    void run(last.id).then((page) => {
      if (page === undefined) return;
      setOlder(({ jobs }) => ({ jobs: [...jobs, ...page], whole: page.length < PAGE }));
    });
  }, [last, busy, isWhole, run]);
  // The later list wins, and what was asked for once is the oldest news.
  const all = inOrder(older.jobs, waiting.data ?? [], running.data ?? [], newest);
  return { query, all, error: ask.error ?? running.error ?? waiting.error, more };
}

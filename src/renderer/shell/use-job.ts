import { useState } from 'react';
import type { EngineClient, Job } from '../../shared/contract/types.ts';
import type { FalajError } from '../../shared/errors.ts';
import type { ShownError } from '../components/error-panel.tsx';
import { useAction } from '../engine/use-action.ts';
import { useQuery } from '../engine/use-query.ts';
import { isActive } from './job-presentation.ts';

const cancelJob = (client: EngineClient, id: string) => client.jobs.cancel({ id });

export interface FollowedJob<Input, Result> {
  readonly start: (input: Input) => Promise<void>;
  readonly cancel: () => void;
  /** The newest one that was started here. */
  readonly job: Job | undefined;
  /** What it was started with. */
  readonly input: Input | undefined;
  readonly busy: boolean;
  readonly result: Result | undefined;
  readonly error: ShownError | FalajError | undefined;
}

/** Long work that is started here and whose result is shown here. */
export function useJob<Input, Result>(
  begin: (client: EngineClient, input: Input) => Promise<{ job: string }>,
): FollowedJob<Input, Result> {
  const starting = useAction(begin);
  const cancelling = useAction(cancelJob);
  const [started, setStarted] = useState<{ readonly id: string; readonly input: Input } | null>(null);
  const query = useQuery('jobs', 'get', { id: started?.id ?? '' }, { enabled: started !== null });
  const job = started === null ? undefined : query.data;
  const start = async (input: Input): Promise<void> => {
    const answer = await starting.run(input);
    if (answer !== undefined) setStarted({ id: answer.job, input });
  };
  return {
    start,
    cancel: () => {
      if (started !== null) void cancelling.run(started.id);
    },
    job,
    input: started?.input,
    busy: starting.busy || (started !== null && query.loading) || (job !== undefined && isActive(job)),
    // What a kind of job answers is written beside the procedure that starts it.
    result: job?.state === 'succeeded' ? (job.result as Result) : undefined,
    error: starting.error ?? cancelling.error ?? query.error ?? job?.error ?? undefined,
  };
}

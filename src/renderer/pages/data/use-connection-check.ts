import { useState } from 'react';
import type { ConnectionCheck, EngineClient, Job } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { isActive } from '../../shell/job-presentation.ts';

const startCheck = (client: EngineClient, name: string) => client.connections.check({ name });

export interface CheckedConnection {
  readonly start: () => void;
  readonly busy: boolean;
  /** What the last check found; null before, and after one that failed. */
  readonly result: ConnectionCheck | null;
  readonly error: FalajError | NonNullable<Job['error']> | null;
}

const isCheck = (result: unknown): result is ConnectionCheck =>
  typeof result === 'object' && result !== null && 'readable' in result && 'latencyMs' in result;

/** Connects when a person asks for it, and says what can be read. A check of another connection does not count. */
export function useConnectionCheck(name: string): CheckedConnection {
  const starting = useAction(startCheck);
  const [started, setStarted] = useState<{ readonly name: string; readonly job: string } | null>(null);
  const id = started?.name === name ? started.job : null;
  const job = useQuery('jobs', 'get', { id: id ?? '' }, { enabled: id !== null });
  const found = id === null ? undefined : job.data;
  const start = async (): Promise<void> => {
    const answer = await starting.run(name);
    if (answer !== undefined) setStarted({ name, job: answer.job });
  };
  return {
    start: () => void start(),
    busy: starting.busy || (id !== null && (found === undefined ? job.loading : isActive(found))),
    result: found?.state === 'succeeded' && isCheck(found.result) ? found.result : null,
    error: starting.error ?? (id === null ? null : (job.error ?? found?.error ?? null)),
  };
}

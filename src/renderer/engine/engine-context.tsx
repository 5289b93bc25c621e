import { createContext, type ReactNode, use } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { ChangedRoom, EngineClient, Job } from '../../shared/contract/types.ts';
import { LiveConnection } from './live-connection.ts';
import { call, type InputOf } from './procedures.ts';
import { QueryCache } from './query-cache.ts';
import { appendSample, createTelemetryStore, type Telemetry } from './telemetry-store.ts';

/** Everything a page needs to talk to the engine. Made once in main.tsx and handed down. */
export interface Engine {
  readonly client: EngineClient;
  readonly cache: QueryCache;
  readonly live: LiveConnection;
  readonly telemetry: StoreApi<Telemetry>;
}

const LINEAGE_ROOMS: ReadonlySet<ChangedRoom> = new Set(['data', 'features', 'runs', 'models']);

export function createEngine(client: EngineClient): Engine {
  const cache = new QueryCache((question, signal) =>
    call(client, question.domain, question.procedure, question.input, signal),
  );
  const live = new LiveConnection({
    follow: (topics, signal) => client.live.follow({ topics }, { signal }),
    onGap: () => cache.invalidate(),
  });
  live.subscribe({ topic: 'changes' }, (event) => {
    if (event.topic !== 'changes') return;
    cache.invalidate(event.room);
    // Lineage is read out of the other rooms and has no changes of its own.
    if (LINEAGE_ROOMS.has(event.room)) cache.invalidate('lineage');
  });
  live.subscribe({ topic: 'jobs' }, (event) => {
    if (event.topic === 'jobs') keepJob(cache, event.job);
  });
  const telemetry = createTelemetryStore();
  live.subscribe({ topic: 'telemetry' }, (event) => {
    if (event.topic !== 'telemetry') return;
    telemetry.setState(({ samples }) => ({ samples: appendSample(samples, event.sample) }));
  });
  return { client, cache, live, telemetry };
}

/** Job events carry the job itself, so lists and pages change without asking. */
function keepJob(cache: QueryCache, job: Job): void {
  cache.patch('jobs', 'get', (data) => ((data as Job).id === job.id ? job : data));
  cache.patch('jobs', 'list', (data, input) => {
    const jobs = data as readonly Job[];
    const { state, kind } = input as InputOf<'jobs', 'list'>;
    const belongs = (state ?? job.state) === job.state && (kind ?? job.kind) === job.kind;
    if (!belongs) return jobs.filter(({ id }) => id !== job.id);
    return jobs.some(({ id }) => id === job.id)
      ? jobs.map((known) => (known.id === job.id ? job : known))
      : [job, ...jobs];
  });
}

const EngineContext = createContext<Engine | null>(null);

export function EngineProvider({
  engine,
  children,
}: {
  readonly engine: Engine;
  readonly children: ReactNode;
}) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

export function useEngine(): Engine {
  const engine = use(EngineContext);
  if (engine === null) throw new Error('A page was rendered outside EngineProvider.');
  return engine;
}

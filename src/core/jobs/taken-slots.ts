import type { JobSlots } from '../../shared/contract/types.ts';
import type { Claim } from './free-slots.ts';
import type { JobLane } from './job-kind.ts';
import type { RunningJob } from './running-job.ts';

/** What the queue has to give, and how much of it is taken. */
export function takenSlots({
  running,
  waiting,
  places,
  machine,
}: {
  readonly running: readonly RunningJob[];
  readonly waiting: (lane: JobLane) => number;
  readonly places: Readonly<Record<Exclude<JobLane, 'script'>, number>>;
  readonly machine: { readonly cpus: number; readonly memoryBytes: number };
}): JobSlots {
  const turns = (lane: Exclude<JobLane, 'script'>) => ({
    running: running.filter((job) => job.lane === lane).length,
    waiting: waiting(lane),
    places: places[lane],
  });
  const claims = running.filter((job) => job.lane === 'script').map(({ claim }) => claim);
  const sum = (of: (claim: Claim) => number): number => claims.reduce((total, claim) => total + of(claim), 0);
  return {
    engine: turns('engine'),
    training: turns('training'),
    script: {
      running: claims.length,
      waiting: waiting('script'),
      cpus: { total: machine.cpus, taken: sum(({ cpus }) => cpus) },
      memoryBytes: { total: machine.memoryBytes, taken: sum(({ memoryBytes }) => memoryBytes) },
      gpus: [...new Set(claims.flatMap(({ gpus }) => gpus.map(({ id }) => id)))],
    },
  };
}

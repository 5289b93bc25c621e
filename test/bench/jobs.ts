// A queue of many jobs that do nothing: how long it takes to put one in, to dispatch one, and to take up what waited when an
// engine ended.   node test/bench/jobs.ts
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { defineJob, type JobQueue } from '../../src/core/jobs/index.ts';
import { JobQueueFixture } from '../fixtures/job-queue-fixture.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const JOBS = brief ? 500 : 10_000;
const CPUS = 4;

const fixture = new JobQueueFixture();
const beganAt: number[] = [];

/** Ends as soon as it is told to. */
const held: (() => void)[] = [];
const waiting = defineJob({
  kind: 'bench.wait',
  lane: 'script',
  input: z.object({ cpus: z.number() }),
  title: () => 'Wait',
  needs: ({ cpus }) => ({ cpus, memoryBytes: null, gpus: 0, gpuMemoryBytes: null }),
  run: async () => {
    beganAt.push(performance.now());
    await new Promise<void>((resolve) => held.push(resolve));
  },
});

function newQueue(): JobQueue {
  const queue = fixture.queue({ machine: { cpus: CPUS, memoryBytes: 2 ** 34 } });
  queue.register(waiting);
  return queue;
}

const first = newQueue();
const startedAt = performance.now();
for (let job = 0; job < JOBS; job++) {
  const priority = (['low', 'normal', 'high'] as const)[job % 3];
  first.start('bench.wait', { cpus: 1 + (job % CPUS) }, { priority });
}
const enqueueMs = (performance.now() - startedAt) / JOBS;
const closed = first.close();
for (const end of held.splice(0)) end();
await closed;

beganAt.length = 0;
const queue = newQueue();
const takenUpAt = performance.now();
queue.goOn();
const takeUpMs = performance.now() - takenUpAt;
const dispatchMs: number[] = [];
while (held.length > 0) {
  const began = beganAt.length;
  const endedAt = performance.now();
  held.shift()!();
  // One that needs more than was freed begins when others have ended, too.
  await new Promise((resolve) => setImmediate(resolve));
  for (const at of beganAt.slice(began)) dispatchMs.push(at - endedAt);
}
await queue.close();
fixture.close();

if (dispatchMs.length + 2 * CPUS < JOBS) throw new Error(`Only ${dispatchMs.length} of ${JOBS} jobs began.`);
reportFigures([
  { measure: `Put a job into a queue that grows to ${JOBS}, mean`, value: enqueueMs, unit: 'ms' },
  { measure: `Take up ${JOBS} jobs that waited when an engine ended`, value: takeUpMs, unit: 'ms' },
  {
    measure: `From the end of a job to the start of the next of ${JOBS}, p50`,
    value: quantile(dispatchMs, 0.5),
    unit: 'ms',
    atMost: 5,
    note: `p99 ${quantile(dispatchMs, 0.99).toFixed(2)} ms`,
  },
]);

import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { healthChange } from './device-health.ts';
import { telemetrySample } from './devices.ts';
import { job, jobLogLine } from './jobs.ts';

/** Rooms whose lists a page may show. A `changed` event says: ask again. */
export const changedRoom = z.enum([
  'workspace',
  'data',
  'connections',
  'features',
  'training',
  'runs',
  'models',
  'monitoring',
  'audit',
  'jobs',
  'devices',
]);

export const liveTopic = z.union([
  z.object({ topic: z.literal('jobs') }),
  z.object({ topic: z.literal('changes') }),
  z.object({ topic: z.literal('telemetry') }),
  z.object({ topic: z.literal('device-health') }),
  z.object({ topic: z.literal('log'), job: z.string(), after: z.number().int().default(0) }),
  z.object({ topic: z.literal('metrics'), run: z.string() }),
]);

export const liveEvent = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('jobs'), job }),
  z.object({ topic: z.literal('changes'), room: changedRoom }),
  z.object({ topic: z.literal('telemetry'), sample: telemetrySample }),
  z.object({ topic: z.literal('device-health'), change: healthChange }),
  z.object({ topic: z.literal('log'), job: z.string(), line: jobLogLine }),
  z.object({
    topic: z.literal('metrics'),
    run: z.string(),
    metric: z.string(),
    step: z.number().int(),
    value: z.number(),
  }),
  z.object({ topic: z.literal('heartbeat'), at: z.number() }),
]);

export const liveContract = {
  /** Everything a page follows, in one stream: a browser has six connections per host. Ends when the caller lets go. */
  follow: oc
    .route({ method: 'POST', path: '/live' })
    .input(z.object({ topics: z.array(liveTopic).min(1).max(50) }))
    .output(eventIterator(liveEvent)),
};

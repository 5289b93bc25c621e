import { z } from 'zod';
import { driftTest } from '../../shared/contract/monitoring.ts';
import { defineJob } from '../jobs/index.ts';
import type { MonitoringRoom } from './monitoring-room.ts';

const checkInput = z.object({
  reference: z.string().min(1).max(400),
  current: z.string().min(1).max(400),
  columns: z.array(z.string()).optional(),
  tests: z.literal('auto').or(driftTest).default('auto'),
});

export const monitoringJobs = (monitoring: MonitoringRoom) => [
  defineJob({
    kind: 'drift.check',
    input: checkInput,
    title: (input: z.infer<typeof checkInput>) => `Compare ${input.current} with ${input.reference}`,
    subject: () => '/drift',
    run: (context, input) => monitoring.check(context, input),
  }),
];

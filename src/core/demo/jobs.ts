import { z } from 'zod';
import { demoRows } from '../../shared/contract/demo.ts';
import { defineJob } from '../jobs/index.ts';
import type { DemoRoom } from './demo-room.ts';

const demoInput = z.object({ rows: demoRows.default('200k') });

export const demoJobs = (demo: DemoRoom) => [
  defineJob({
    kind: 'demo.run',
    input: demoInput,
    title: (input: z.infer<typeof demoInput>) => `Demo: the whole job on ${input.rows} flights`,
    subject: () => '/models/flight-delay',
    run: (context, input) => demo.run(context, input),
  }),
];

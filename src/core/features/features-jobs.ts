import { z } from 'zod';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { FeatureRoom } from './feature-room.ts';

const historicalInput = z.object({
  service: z.string().optional(),
  features: z.array(z.string()).optional(),
  entities: z.string().min(1),
  eventTime: z.string().default('event_time'),
  asKnown: z.string().optional(),
  out: z.string().min(1),
  names: z.enum(['full', 'feature']).default('full'),
});

type Historical = JobKind<z.infer<typeof historicalInput>, { file: string; rows: number; columns: number }>;

/** Long work of this room. */
export function featuresJobs(room: FeatureRoom): [Historical] {
  return [
    defineJob({
      kind: 'features.historical',
      input: historicalInput,
      title: ({ service }) =>
        service === undefined ? 'Historical features' : `Historical features of ${service}`,
      subject: () => '/features',
      run: (context, input) => room.historical(context, input),
    }),
  ];
}

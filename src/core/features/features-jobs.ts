import path from 'node:path';
import { z } from 'zod';
import type { ReceiptVerification } from '../../shared/contract/types.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { FeatureRoom } from './feature-room.ts';
import type { HistoricalResult } from './training-sets/training-sets.ts';

const historicalInput = z.object({
  service: z.string().optional(),
  features: z.array(z.string()).optional(),
  entities: z.string().min(1),
  eventTime: z.string().default('event_time'),
  asKnown: z.string().optional(),
  out: z.string().min(1),
  names: z.enum(['full', 'feature']).default('full'),
  receipt: z.string().min(1).optional(),
});

const verifyInput = z.object({
  receipt: z.string().min(1),
  entities: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
});

type Historical = JobKind<z.infer<typeof historicalInput>, HistoricalResult>;
type Verify = JobKind<z.infer<typeof verifyInput>, ReceiptVerification>;

/** Long work of this room. */
export function featuresJobs(room: FeatureRoom): [Historical, Verify] {
  return [
    defineJob({
      kind: 'features.historical',
      input: historicalInput,
      title: ({ service }) =>
        service === undefined ? 'Historical features' : `Historical features of ${service}`,
      subject: () => '/features',
      run: (context, input) => room.historical(context, input),
    }),
    defineJob({
      kind: 'features.verify',
      input: verifyInput,
      title: ({ receipt }) => `Verify ${path.basename(receipt)}`,
      subject: () => '/features',
      run: (context, input) => room.verify(context, input),
    }),
  ];
}

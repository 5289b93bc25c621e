import path from 'node:path';
import { z } from 'zod';
import { checkSetInput, historicalInput } from '../../shared/contract/training-sets.ts';
import type { ReceiptVerification, SetCheck } from '../../shared/contract/types.ts';
import { defineJob, type JobKind } from '../jobs/index.ts';
import type { FeatureRoom } from './feature-room.ts';
import type { HistoricalResult } from './training-sets/training-sets.ts';

const verifyInput = z.object({
  receipt: z.string().min(1),
  entities: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
});

type Historical = JobKind<z.infer<typeof historicalInput>, HistoricalResult>;
type Check = JobKind<z.infer<typeof checkSetInput>, SetCheck>;
type Verify = JobKind<z.infer<typeof verifyInput>, ReceiptVerification>;

interface FeaturesJobs {
  readonly historicalJob: Historical;
  readonly checkJob: Check;
  readonly verifyJob: Verify;
}

/** Long work of this room. */
export function featuresJobs(room: FeatureRoom): FeaturesJobs {
  return {
    historicalJob: defineJob({
      kind: 'features.historical',
      input: historicalInput,
      title: ({ service }) =>
        service === undefined ? 'Historical features' : `Historical features of ${service}`,
      subject: () => '/features/~training-sets',
      run: (context, input) => room.historical(context, input),
    }),
    checkJob: defineJob({
      kind: 'features.check',
      input: checkSetInput,
      title: ({ service, entities }) => `Check ${service ?? 'features'} for ${path.basename(entities)}`,
      subject: () => '/features/~training-sets/build',
      run: (context, input) => room.check(context, input),
    }),
    verifyJob: defineJob({
      kind: 'features.verify',
      input: verifyInput,
      title: ({ receipt }) => `Verify ${path.basename(receipt)}`,
      subject: () => '/features',
      run: (context, input) => room.verify(context, input),
    }),
  };
}

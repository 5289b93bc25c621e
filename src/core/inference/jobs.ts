import { z } from 'zod';
import { explainInput } from '../../shared/contract/models.ts';
import { defineJob } from '../jobs/index.ts';
import type { InferenceRoom } from './inference-room.ts';

const predictInput = z.object({
  reference: z.string().min(1).max(300),
  in: z.string().min(1),
  out: z.string().min(1),
  device: z.enum(['cpu', 'cuda', 'webgpu']).default('cpu'),
  batch: z.number().int().min(1).max(1_000_000).default(16_384),
});

export const inferenceJobs = (inference: InferenceRoom) => ({
  predictJob: defineJob({
    kind: 'models.predict',
    input: predictInput,
    title: (input: z.infer<typeof predictInput>) => `Score a file with ${input.reference}`,
    subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
    run: (context, input) => inference.predict(context, input),
  }),
  explainJob: defineJob({
    kind: 'models.explain',
    input: explainInput,
    title: (input: z.infer<typeof explainInput>) => `Explain rows with ${input.reference}`,
    subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
    run: (context, input) => inference.explain(context, input),
  }),
});

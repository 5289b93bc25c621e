import { z } from 'zod';
import { defineJob } from '../jobs/index.ts';
import type { InferenceRoom } from './inference-room.ts';

const predictInput = z.object({
  reference: z.string().min(1).max(300),
  in: z.string().min(1),
  out: z.string().min(1),
  device: z.enum(['cpu', 'cuda', 'webgpu']).default('cpu'),
  batch: z.number().int().min(1).max(1_000_000).default(16_384),
});

const explainInput = z.object({
  reference: z.string().min(1).max(300),
  in: z.string().min(1),
  rows: z.number().int().min(1).max(200).default(10),
  background: z.number().int().min(1).max(256).default(32),
  seed: z.number().int().min(0).default(0),
});

export const inferenceJobs = (inference: InferenceRoom) =>
  [
    defineJob({
      kind: 'models.predict',
      input: predictInput,
      title: (input: z.infer<typeof predictInput>) => `Score a file with ${input.reference}`,
      subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
      run: (context, input) => inference.predict(context, input),
    }),
    defineJob({
      kind: 'models.explain',
      input: explainInput,
      title: (input: z.infer<typeof explainInput>) => `Explain rows with ${input.reference}`,
      subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
      run: (context, input) => inference.explain(context, input),
    }),
  ] as const;

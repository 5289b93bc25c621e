import { z } from 'zod';
import { defineJob } from '../jobs/index.ts';
import type { ModelRegistry } from './model-registry.ts';

const verifyInput = z.object({ reference: z.string().min(1).max(300) });
const exportInput = verifyInput.extend({ dir: z.string().min(1) });

export const registryJobs = (registry: ModelRegistry) => ({
  exportJob: defineJob({
    kind: 'models.export',
    input: exportInput,
    title: (input: z.infer<typeof exportInput>) => `Export ${input.reference}`,
    subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
    run: (context, input) => registry.export(context, input),
  }),
  verifyJob: defineJob({
    kind: 'models.verify',
    input: verifyInput,
    title: (input: z.infer<typeof verifyInput>) => `Verify ${input.reference}`,
    subject: (input) => `/models/${input.reference.split(/[@:]/)[0]}`,
    run: (context, input) => registry.verify(context, input),
  }),
});

import { z } from 'zod';

/** Something that is not the same in a run and its repetition. */
export const runDifference = z.object({
  what: z.enum(['command', 'code', 'packages', 'data', 'machine', 'param', 'metric']),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type RunDifference = z.infer<typeof runDifference>;

import { z } from 'zod';
import { importRunsInput } from '../../../shared/contract/runs.ts';

export type ImportInput = z.output<typeof importRunsInput>;
export type LocalImport = Exclude<ImportInput, { from: 'mlflow-server' }>;

/** What an import's job keeps: of a server the name of its credentials, which are held in memory alone. */
export const importJobInput = z.union([
  z.object({ from: z.literal('mlflow-server'), url: z.string(), credentials: z.string().nullable() }),
  importRunsInput.transform((input, context): LocalImport => {
    if (input.from !== 'mlflow-server') return input;
    context.addIssue({ code: 'custom', message: 'credentials are held, not kept' });
    return z.NEVER;
  }),
]);
export type ImportJobInput = z.output<typeof importJobInput>;

import { z } from 'zod';
import type { ScriptRead } from '../../shared/contract/types.ts';
import type { JobKind } from '../jobs/index.ts';

const reader = z.object({ run: z.string(), context: z.string().nullable() });
const withReader = z.object({ reader: reader.optional() });

type Asked<Input> = Input & z.infer<typeof withReader>;

export interface ReadingJob<Input, Result> {
  readonly read: (input: Input, result: Result) => ScriptRead | Promise<ScriptRead>;
  readonly record: (read: ScriptRead & { readonly id: string }) => void;
}

/** A job that writes data to a file: where a program of a run asked for it, what it read is kept with that run before it ends. */
export function readingJob<Input, Result>(
  kind: JobKind<Input, Result>,
  { read, record }: ReadingJob<Input, Result>,
): JobKind<Asked<Input>, Result> {
  return {
    ...kind,
    input: kind.input.and(withReader),
    run: async (context, input) => {
      const result = await kind.run(context, input);
      if (input.reader === undefined) return result;
      const { run, context: purpose } = input.reader;
      const kept = await read(input, result);
      await context.keep(() =>
        record({ ...kept, id: run, ...(purpose === null ? {} : { context: purpose }) }),
      );
      return result;
    },
  };
}

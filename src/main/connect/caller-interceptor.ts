import { mapEventIterator } from '@orpc/client';
import { toCallerError } from './caller-error.ts';

/** Turns every failure of a call, and of the stream that a call opened, into a FalajError. */
export async function callerInterceptor<Options extends { next(): Promise<unknown> }>({
  next,
}: Options): Promise<unknown> {
  try {
    const output = await next();
    if (!isStream(output)) return output;
    return mapEventIterator(output, {
      value: async (value) => value,
      error: async (error) => toCallerError(error),
    });
  } catch (error) {
    throw toCallerError(error);
  }
}

const isStream = (output: unknown): output is AsyncIterator<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

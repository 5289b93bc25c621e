import { mapEventIterator } from '@orpc/client';
import { FalajError } from '../../shared/errors.ts';
import { toCallerError } from './caller-error.ts';

interface Call {
  readonly signal?: AbortSignal | undefined;
  next(): Promise<unknown>;
}

/** Turns every failure of a call, and of the stream that a call opened, into a FalajError. */
export async function callerInterceptor({ next, signal }: Call): Promise<unknown> {
  // However the wire words it, what fails after the caller let go was stopped by the caller.
  const translate = (error: unknown): FalajError =>
    signal?.aborted === true
      ? new FalajError('CANCELLED', 'Stopped.', { cause: error })
      : toCallerError(error);
  try {
    const output = await next();
    if (!isStream(output)) return output;
    return mapEventIterator(output, {
      value: async (value) => value,
      error: async (error) => translate(error),
    });
  } catch (error) {
    throw translate(error);
  }
}

const isStream = (output: unknown): output is AsyncIterator<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

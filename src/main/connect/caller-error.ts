import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { FalajError, isErrorCode, isFalajError, toFalajError } from '../../shared/errors.ts';

const publicData = z.object({
  hint: z.string().default(''),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
    .default({}),
});

/** What a caller is given: the engine's own FalajError again, whichever way the call went. */
export function toCallerError(error: unknown): FalajError {
  if (isFalajError(error)) return error;
  if (!(error instanceof ORPCError)) return toFalajError(error);
  const data = publicData.safeParse(error.data ?? {});
  const options = { ...(data.success ? data.data : {}), cause: error };
  return isErrorCode(error.code)
    ? new FalajError(error.code, error.message, options)
    : new FalajError('INTERNAL', `${error.code}: ${error.message}`, options);
}

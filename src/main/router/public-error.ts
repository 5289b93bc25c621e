import { ORPCError, ValidationError } from '@orpc/contract';
import { ERROR_CODES, FalajError, isCancellation, isErrorCode, isFalajError } from '../../shared/errors.ts';

export interface PublicErrorData {
  readonly hint: string;
  readonly details: FalajError['details'];
}

/**
 * What a caller may learn of an error. Known errors cross with code, message, hint and details; an unexpected one is told to
 * `report` (the engine's log) and crosses as INTERNAL with a constant message: its own may carry data values or paths.
 */
export function toPublicError(
  error: unknown,
  report: (error: unknown) => void,
): ORPCError<string, PublicErrorData> {
  if (error instanceof ORPCError) {
    if (isErrorCode(error.code)) return error;
    if (error.cause instanceof ValidationError && error.code === 'BAD_REQUEST')
      return fromFalajError(badInput(error.cause));
    const known = TRANSPORT_ERRORS[error.code];
    if (known !== undefined) return fromFalajError(known());
  }
  if (isFalajError(error) && error.code !== 'INTERNAL') return fromFalajError(error);
  if (isCancellation(error)) return fromFalajError(new FalajError('CANCELLED', 'The work was stopped.'));
  report(error);
  return fromFalajError(
    new FalajError('INTERNAL', 'The engine met an error that it did not expect.', {
      hint: 'This is a defect. Run the command again with --debug, or see run/engine.log in the workspace, and report what it says.',
    }),
  );
}

const fromFalajError = (error: FalajError): ORPCError<string, PublicErrorData> =>
  new ORPCError(error.code, {
    status: ERROR_CODES[error.code].status,
    message: error.message,
    data: { hint: error.hint, details: error.details },
    cause: error,
  });

const TRANSPORT_ERRORS: Readonly<Record<string, () => FalajError>> = {
  BAD_REQUEST: () =>
    new FalajError('BAD_INPUT', 'The request’s body or query cannot be read.', {
      hint: 'Send JSON as /api/openapi.json describes.',
    }),
  PAYLOAD_TOO_LARGE: () =>
    new FalajError('TOO_LARGE', 'The request is too large.', { hint: 'Hand files over by path.' }),
  METHOD_NOT_SUPPORTED: () => new FalajError('BAD_INPUT', 'This procedure is not called with GET.'),
};

/** Names the first field that does not fit, in the words of its schema; never the value. */
function badInput(cause: ValidationError): FalajError {
  const fields = cause.issues.map((issue) => ({ name: fieldName(issue.path), message: issue.message }));
  const first = fields[0] ?? { name: 'input', message: 'not valid' };
  return new FalajError('BAD_INPUT', `${first.name}: ${first.message}`, {
    hint:
      fields.length > 1
        ? `${fields.length} fields do not fit: ${fields.map((field) => field.name).join(', ')}.`
        : `Correct ${first.name} and try again.`,
    details: { field: first.name },
  });
}

type IssuePath = ValidationError['issues'][number]['path'];

const fieldName = (path: IssuePath): string =>
  (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'input';

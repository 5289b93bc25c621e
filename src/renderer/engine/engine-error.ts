import { FalajError, isErrorCode, isFalajError } from '../../shared/errors.ts';

interface WireError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly data?: { readonly code?: unknown; readonly hint?: unknown; readonly details?: unknown } | null;
}

type Details = FalajError['details'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Whatever a call threw, as the one error class: a refused or broken connection is ENGINE_GONE. */
export function fromWire(error: unknown): FalajError {
  if (isFalajError(error)) return error;
  if (error instanceof DOMException && error.name === 'AbortError') {
    return new FalajError('CANCELLED', 'The work was stopped.', { cause: error });
  }
  if (error instanceof TypeError) {
    return new FalajError('ENGINE_GONE', 'The engine does not answer.', {
      hint: 'It is tried again by itself. If it stays away, start Falaj again.',
      cause: error,
    });
  }
  if (!isRecord(error)) return new FalajError('INTERNAL', String(error));
  const wire: WireError = error;
  const code = [wire.code, wire.data?.code].find(isErrorCode);
  const message = typeof wire.message === 'string' ? wire.message : 'Something failed.';
  const hint = typeof wire.data?.hint === 'string' ? wire.data.hint : '';
  const details = isRecord(wire.data?.details) ? (wire.data.details as Details) : {};
  if (code !== undefined) return new FalajError(code, message, { hint, details, cause: error });
  if (wire.code === 'UNPROCESSABLE_CONTENT' || wire.code === 'BAD_REQUEST') {
    return new FalajError('BAD_INPUT', message, { hint, details, cause: error });
  }
  return new FalajError('INTERNAL', message, { hint, details, cause: error });
}

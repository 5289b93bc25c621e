import type { ServerResponse } from 'node:http';
import { type ErrorCode, type FalajError, toFalajError } from '../../shared/errors.ts';

interface Refusal {
  readonly errorCode: string;
  readonly status: number;
}

/**
 * MLflow's codes for ours. Clients act on the code and try statuses 408, 429, 500, 502, 503 and 504 again for minutes, so
 * that none of these is sent for what another try cannot mend. (MLflow's own server says 500 for INVALID_STATE.)
 */
const REFUSALS: Readonly<Partial<Record<ErrorCode, Refusal>>> = {
  NOT_FOUND: { errorCode: 'RESOURCE_DOES_NOT_EXIST', status: 404 },
  ALREADY_EXISTS: { errorCode: 'RESOURCE_ALREADY_EXISTS', status: 400 },
  CONFLICT: { errorCode: 'INVALID_STATE', status: 400 },
  TOO_LARGE: { errorCode: 'INVALID_PARAMETER_VALUE', status: 400 },
  UNSUPPORTED_MEDIA_TYPE: { errorCode: 'BAD_REQUEST', status: 400 },
  UNAUTHORIZED: { errorCode: 'UNAUTHENTICATED', status: 401 },
  FORBIDDEN: { errorCode: 'PERMISSION_DENIED', status: 403 },
  WORKSPACE_LOCKED: { errorCode: 'PERMISSION_DENIED', status: 403 },
  WORKSPACE_MISSING: { errorCode: 'PERMISSION_DENIED', status: 403 },
  SIGNATURE_INVALID: { errorCode: 'INVALID_STATE', status: 400 },
  DISK_FULL: { errorCode: 'INTERNAL_ERROR', status: 507 },
};

/** An error that MLflow has a code for and we do not. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly errorCode: 'ENDPOINT_NOT_FOUND' | 'NOT_IMPLEMENTED';
  readonly status: number;

  constructor(errorCode: MlflowError['errorCode'], message: string) {
    super(message);
    this.errorCode = errorCode;
    this.status = errorCode === 'NOT_IMPLEMENTED' ? 501 : 404;
  }
}

/** Answers with an error in MLflow's shape. `report` hears of those that nobody expected, whose words stay here. */
export function sendMlflowError(
  response: ServerResponse,
  error: unknown,
  report: (error: unknown) => void,
): void {
  if (error instanceof MlflowError) {
    send(response, error, error.message);
    return;
  }
  const known = toFalajError(error);
  if (known.code === 'INTERNAL') {
    report(error);
    send(
      response,
      { errorCode: 'INTERNAL_ERROR', status: 500 },
      'The engine met an error that it did not expect.',
    );
    return;
  }
  if (known.status >= 500) report(error);
  send(response, refusalOf(known), known.hint === '' ? known.message : `${known.message} ${known.hint}`);
}

const refusalOf = ({ code, status }: FalajError): Refusal =>
  REFUSALS[code] ??
  (status < 500
    ? { errorCode: 'INVALID_PARAMETER_VALUE', status: 400 }
    : { errorCode: 'INTERNAL_ERROR', status: 500 });

function send(response: ServerResponse, { errorCode, status }: Refusal, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401 ? { 'www-authenticate': 'Basic realm="falaj"' } : {}),
    })
    .end(JSON.stringify({ error_code: errorCode, message }));
}

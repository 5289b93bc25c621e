import type { ServerResponse } from 'node:http';
import { ERROR_CODES, type ErrorDetails, FalajError } from '../../shared/errors.ts';

/** RFC 9457 problem details, with the error's code and hint as extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly details: ErrorDetails;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problem(error: Pick<FalajError, 'code' | 'message' | 'hint' | 'details'>): Problem {
  return {
    type: `urn:falaj:error:${error.code}`,
    title: error.code.toLowerCase().replaceAll('_', ' '),
    status: ERROR_CODES[error.code].status,
    detail: error.message,
    code: error.code,
    hint: error.hint,
    details: error.details,
  };
}

export function sendProblem(
  response: ServerResponse,
  error: FalajError,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(problem(error));
  response
    .writeHead(error.status, {
      ...headers,
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body);
}

/** Constant: a caller learns only that its secret is not the one. */
export const unauthorized = (): FalajError =>
  new FalajError('UNAUTHORIZED', 'This needs the workstation’s token.', {
    hint: 'Open the link that `falaj ui` prints, or send a token as `Authorization: Bearer …`; clients of MLflow take it from MLFLOW_TRACKING_TOKEN (`falaj token create --scope mlflow`).',
  });

export const noSuchPath = (): FalajError => new FalajError('NOT_FOUND', 'There is nothing at this address.');

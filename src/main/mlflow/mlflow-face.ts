import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { answerArtifacts } from './artifact-proxy.ts';
import { ARTIFACTS_PREFIX } from './artifact-wire.ts';
import type { Call, MlflowRooms } from './call.ts';
import { experimentCalls } from './experiment-calls.ts';
import { loggedModelCalls } from './logged-model-calls.ts';
import { MlflowError, sendMlflowError } from './mlflow-error.ts';
import { modelVersionCalls } from './model-version-calls.ts';
import { registeredModelCalls } from './registered-model-calls.ts';
import { bodyOf, queryOf } from './request-input.ts';
import { runCalls } from './run-calls.ts';

/** The release of MLflow whose REST interface this is. */
export const MLFLOW_VERSION = '3.17.2';

const CALLS_PREFIX = '/api/2.0/mlflow/';
const SERVER_INFO = '/api/3.0/mlflow/server-info';

export interface MlflowFace {
  /** Answers a request of a tracking client, errors included; every path of {@link isMlflowPath} is one. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** Refuses a request in the shape that clients understand. */
  refuse(response: ServerResponse, error: FalajError): void;
}

/** `/api/…` of the contract has no versions, so that the two never meet. */
export const isMlflowPath = (path: string): boolean =>
  path.startsWith('/api/2.0/') || path.startsWith('/api/3.0/') || path === '/version';

/** A file on its way in: its sender is held to a pace, not to a time. */
export const isMlflowUpload = (request: IncomingMessage, path: string): boolean =>
  request.method === 'PUT' && path.startsWith(ARTIFACTS_PREFIX);

/** MLflow's REST interface over the engine's rooms. */
export function createMlflowFace(
  engine: { readonly rooms: MlflowRooms },
  report: (error: unknown) => void,
): MlflowFace {
  const calls = routed([
    ...experimentCalls,
    ...runCalls,
    ...loggedModelCalls,
    ...registeredModelCalls,
    ...modelVersionCalls,
  ]);

  const answer = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (path === '/version' && request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(MLFLOW_VERSION);
      return;
    }
    if (path.startsWith(ARTIFACTS_PREFIX)) {
      await answerArtifacts(engine.rooms, request, response, path.slice(ARTIFACTS_PREFIX.length));
      return;
    }
    if (path === SERVER_INFO && request.method === 'GET') {
      send(response, {
        store_type: 'SqlStore',
        workspaces_enabled: false,
        trace_archival_enabled: false,
        multipart_uploads_enabled: false,
        multipart_downloads_enabled: false,
      });
      return;
    }
    const found = path.startsWith(CALLS_PREFIX)
      ? calls(request.method ?? 'GET', path.slice(CALLS_PREFIX.length))
      : null;
    if (found === null)
      throw new MlflowError('ENDPOINT_NOT_FOUND', `${request.method} ${path} is not part of this server.`);
    const input = { ...queryOf(request), ...(await bodyOf(request)), ...found.parts };
    send(response, await found.call.answer(engine.rooms, input));
  };

  return {
    answer: async (request, response, path) => {
      try {
        await answer(request, response, path);
      } catch (error) {
        if (response.destroyed) return; // the caller left
        sendMlflowError(response, error instanceof z.ZodError ? badField(error) : error, report);
      }
    },
    refuse: (response, error) => sendMlflowError(response, error, report),
  };
}

interface Found {
  readonly call: Call;
  readonly parts: Readonly<Record<string, string>>;
}

/** Finds calls by method and path: plain paths in a map, those with parts by their pattern. */
function routed(calls: readonly Call[]): (method: string, path: string) => Found | null {
  const plain = new Map<string, Call>();
  const patterns: { readonly call: Call; readonly pattern: RegExp }[] = [];
  for (const call of calls) {
    if (!call.path.includes('{')) plain.set(`${call.method} ${call.path}`, call);
    else patterns.push({ call, pattern: new RegExp(`^${call.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) });
  }
  return (method, path) => {
    const call = plain.get(`${method} ${path}`);
    if (call !== undefined) return { call, parts: {} };
    for (const { call: candidate, pattern } of patterns) {
      const match = candidate.method === method ? pattern.exec(path) : null;
      if (match !== null) return { call: candidate, parts: { ...match.groups } };
    }
    return null;
  };
}

function badField(error: z.ZodError): FalajError {
  const issue = error.issues[0]!;
  const field = issue.path.join('.') || 'request';
  return new FalajError('BAD_INPUT', `Invalid value for ${field}: ${issue.message}`, { details: { field } });
}

function send(response: ServerResponse, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(text);
}

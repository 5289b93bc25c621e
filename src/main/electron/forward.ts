import http, { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { FalajError, toFalajError } from '../../shared/errors.ts';
import { PROBLEM_TYPE, problem } from '../engine/problem.ts';
import { requestPath } from '../engine/request-path.ts';

/** Where to send a request, and the secret that the page never sees. */
export interface ForwardTarget {
  readonly socketPath: string;
  readonly token: string;
}

/** Nothing else of the page's request reaches the engine: no Authorization, Cookie, Host or Origin of its own. */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'content-length',
  'range',
  'if-none-match',
  'last-event-id',
  'x-orpc-batch',
] as const;

/** Nothing else of the engine's answer reaches the page: no cookies, no server names. */
const RESPONSE_HEADERS = [
  'content-type',
  'content-length',
  'content-range',
  'content-disposition',
  'accept-ranges',
  'etag',
  'last-event-id',
  'retry-after',
  'x-orpc-batch',
] as const;

const STREAM_BUFFER_BYTES = 65_536;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const WITHOUT_BODY = new Set([204, 205, 304]);

export const isForwarded = (pathname: string): boolean => /^\/(rpc|api)\//.test(pathname);

/** Each open stream holds one socket, so there is no limit on them; idle ones are kept for the next call. */
export const createEngineAgent = (): http.Agent =>
  new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 16 });

/**
 * Sends the page's request to the engine's socket and streams both bodies. When the page lets go of the answer, the request
 * is destroyed and the engine told.
 */
export async function forwardToEngine(
  request: Request,
  target: () => Promise<ForwardTarget>,
  agent: http.Agent,
): Promise<Response> {
  const url = new URL(request.url);
  if (!METHODS.has(request.method)) return new Response(null, { status: 405 });
  // Refused here already what climbs or cannot be decoded, and what would be another path for whoever decodes later.
  const path = requestPath({ url: url.pathname });
  if (path === null || path.split('/').length !== url.pathname.split('/').length)
    return new Response(null, { status: 404 });
  let door: ForwardTarget;
  try {
    door = await target();
  } catch (error) {
    return unavailable(url.pathname, toFalajError(error));
  }
  const headers: Record<string, string> = { host: 'engine', authorization: `Bearer ${door.token}` };
  for (const name of REQUEST_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  return new Promise((resolve) => {
    const out = http.request(
      {
        socketPath: door.socketPath,
        agent,
        method: request.method,
        path: url.pathname + url.search,
        headers,
      },
      (answer) => resolve(pageResponse(answer)),
    );
    out.on('error', (error) => resolve(unavailable(url.pathname, engineGone(error))));
    if (request.body === null) {
      out.end();
    } else {
      const body = Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>);
      pipeline(body, out).catch((error: Error) => out.destroy(error)); // answered by the error listener
    }
  });
}

function pageResponse(answer: IncomingMessage): Response {
  const headers = new Headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  for (const name of RESPONSE_HEADERS) {
    const value = answer.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const status = answer.statusCode ?? 502;
  if (WITHOUT_BODY.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  // Without this strategy toWeb() counts chunks, not bytes: many thousand chunks would be held before it pushes back.
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: STREAM_BUFFER_BYTES });
  return new Response(Readable.toWeb(answer, { strategy }) as ReadableStream<Uint8Array>, {
    status,
    headers,
  });
}

const engineGone = (cause: Error): FalajError =>
  new FalajError('ENGINE_GONE', 'The engine went away before it answered.', {
    hint: 'It is being started again; try once more in a moment.',
    cause,
  });

/** On /rpc the shape that the RPC client decodes, which may have no further key; RFC 9457 elsewhere. */
function unavailable(pathname: string, error: FalajError): Response {
  const { code, message, status, hint, details } = error;
  if (pathname.startsWith('/rpc/')) {
    return Response.json(
      { json: { defined: false, code, status, message, data: { hint, details } } },
      { status },
    );
  }
  return Response.json(problem(error), { status, headers: { 'content-type': PROBLEM_TYPE } });
}

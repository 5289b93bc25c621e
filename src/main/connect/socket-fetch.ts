import http, { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { FalajError } from '../../shared/errors.ts';

export interface SocketFetch {
  (request: Request): Promise<Response>;
  /** Closes idle connections; open streams end. */
  close(): void;
}

const HELD_BYTES = 65_536;

/** `fetch` for an engine's local socket: streams flow with push-back, aborts reach the engine. */
export function createSocketFetch(engine: {
  readonly socketPath: string;
  readonly token: string;
}): SocketFetch {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 8 });
  const call = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    return new Promise((resolve, reject) => {
      const outgoing = http.request({
        socketPath: engine.socketPath,
        agent,
        method: request.method,
        path: url.pathname + url.search,
        headers: {
          ...Object.fromEntries(request.headers),
          host: 'engine',
          authorization: `Bearer ${engine.token}`,
          ...(body === null ? {} : { 'content-length': body.byteLength }),
        },
        signal: request.signal,
      });
      outgoing.on('error', (error) => reject(request.signal.aborted ? error : gone(error)));
      outgoing.on('response', (incoming) => resolve(toResponse(incoming)));
      outgoing.end(body ?? undefined);
    });
  };
  return Object.assign(call, { close: () => agent.destroy() });
}

function toResponse(incoming: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const status = incoming.statusCode ?? 500;
  if (status === 204 || status === 304) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  // By default toWeb counts chunks, not bytes, before it pushes back. Node's and the DOM's stream types differ in name only.
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: HELD_BYTES });
  const body = Readable.toWeb(incoming, { strategy }) as NodeReadableStream<Uint8Array>;
  return new Response(body as unknown as ReadableStream<Uint8Array>, { status, headers });
}

const gone = (cause: Error): FalajError =>
  new FalajError('ENGINE_GONE', 'The engine does not answer any more.', {
    hint: 'It may have been stopped. Run the command again.',
    cause,
  });

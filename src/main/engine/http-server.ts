import http, {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { FalajError } from '../../shared/errors.ts';
import { sendProblem } from './problem.ts';

/** By default idle sockets die after 5 s under the client's hand, and long uploads are cut after 300 s. */
const KEEP_ALIVE_MS = 120_000;
const HEADERS_WITHIN_MS = 30_000;

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server whose every failure ends in an answer, never in an open request or a dead process. */
export function createHttpServer(answer: Answer, report: (error: unknown) => void): Server {
  const listener: RequestListener = (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed) return; // the caller left
      report(error);
      sendProblem(response, new FalajError('INTERNAL', 'The engine met an error that it did not expect.'));
    });
  };
  const server = http.createServer({ noDelay: true, maxHeaderSize: 16_384 }, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = 0;
  return server;
}

export function listen(
  server: Server,
  where: string | { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = (): void => {
      server.off('error', reject);
      resolve();
    };
    if (typeof where === 'string') server.listen(where, listening);
    else server.listen({ ...where, exclusive: true }, listening);
  });
}

/** Takes no more connections and ends those that are open, streams included. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

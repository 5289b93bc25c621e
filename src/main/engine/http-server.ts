import http, {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { FalajError } from '../../shared/errors.ts';
import { sendProblem } from './problem.ts';

export interface ServerLimits {
  /** By default idle sockets die after 5 s under the client's hand. */
  readonly keepAliveMs: number;
  readonly headersWithinMs: number;
  /** Headers and body; files are handed over by path, so a body that takes longer is one that never ends. */
  readonly requestWithinMs: number;
  /** How often the two limits above are looked at. */
  readonly checkEveryMs: number;
  /** Undefined: as many as the system gives. */
  readonly connections?: number;
}

export const SERVER_LIMITS: ServerLimits = {
  keepAliveMs: 120_000,
  headersWithinMs: 30_000,
  requestWithinMs: 60_000,
  checkEveryMs: 30_000,
};

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server whose every failure ends in an answer, never in an open request or a dead process. */
export function createHttpServer(
  answer: Answer,
  report: (error: unknown) => void,
  limits: ServerLimits = SERVER_LIMITS,
): Server {
  const listener: RequestListener = (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed) return; // the caller left
      report(error);
      sendProblem(response, new FalajError('INTERNAL', 'The engine met an error that it did not expect.'));
    });
  };
  const server = http.createServer(
    {
      noDelay: true,
      maxHeaderSize: 16_384,
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.headersWithinMs,
      requestTimeout: limits.requestWithinMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    listener,
  );
  if (limits.connections !== undefined) server.maxConnections = limits.connections;
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

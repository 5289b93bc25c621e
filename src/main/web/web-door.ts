import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import type { TokenGrant } from '../../core/access/index.ts';
import type { TokenScope } from '../../shared/contract/types.ts';
import { FalajError, toFalajError } from '../../shared/errors.ts';
import { programsForbidden } from '../../shared/programs-forbidden.ts';
import type { Api } from '../engine/api.ts';
import { answerHealth } from '../engine/health.ts';
import {
  closeServer,
  createHttpServer,
  listen,
  SERVER_LIMITS,
  type ServerLimits,
} from '../engine/http-server.ts';
import { noSuchPath, sendProblem, unauthorized } from '../engine/problem.ts';
import { requestPath } from '../engine/request-path.ts';
import { newSecret, presentedSecret, sameSecret } from '../engine/secret.ts';
import { isMlflowPath, isMlflowUpload, type MlflowFace } from '../mlflow/mlflow-face.ts';
import type { CallContext } from '../router/index.ts';
import { BrowserSessions, cookieValue } from './browser-sessions.ts';
import { isLoopbackHost, isOwnCaller } from './caller-origin.ts';
import { isNavigation } from './navigation.ts';
import { plainPage } from './plain-page.ts';
import { isRunRead, readerOf } from './run-reader.ts';
import { serveScreens } from './serve-screens.ts';

export interface WebDoorOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Allows an address beyond loopback without TLS. */
  readonly insecure: boolean;
  readonly screens: string;
  readonly api: Api;
  readonly mlflow: MlflowFace;
  /** What an access token opens, null for none; throws while the workspace is locked. */
  readonly grantOf: (presented: string) => TokenGrant | null;
  readonly workspaceState: () => string;
  readonly report: (error: unknown) => void;
  readonly limits?: ServerLimits;
}

/** Any program of this machine may connect before it shows a token: many that do must not use up the engine's memory. */
const WEB_LIMITS: ServerLimits = {
  ...SERVER_LIMITS,
  connections: 256,
};

/**
 * The server itself can hold only one limit for all requests: of artifacts, which are gigabytes and come at the pace of whoever
 * sends them. Everything else, and whoever has not shown a token, is held to the door's own limit.
 */
const ARTIFACT_WITHIN_MS = 6 * 3_600_000;

/** A door lets people see and steer what the engine does; what runs as this user is started by this user. */
const STARTS_PROGRAMS = /^\/(?:rpc|api)\/scripts(?:\/|$)/;
/** Of these, what only reads what a run was started from. */
const READS_CODE = /^\/(?:rpc\/scripts\/code|api\/scripts\/\w+\/code)$/;

export interface WebDoor {
  /** Origin, such as `http://127.0.0.1:7410`. */
  readonly url: string;
  readonly port: number;
  /** For programs: `Authorization: Bearer …`. */
  readonly token: string;
  /** A link that lets one browser in, once. */
  newLink(): string;
  close(): Promise<void>;
}

/** The engine's door for browsers: the screens, and the contract behind a cookie or a token. */
export async function openWebDoor(options: WebDoorOptions): Promise<WebDoor> {
  if (!isLoopbackHost(options.host) && !options.insecure) {
    throw new FalajError(
      'FORBIDDEN',
      `${options.host} can be reached from other machines, and nothing here is encrypted on the way.`,
      {
        hint: 'Keep to 127.0.0.1 and forward the port with `ssh -L 7410:127.0.0.1:7410 HOST`, or say --insecure if the network is yours alone.',
        details: { host: options.host },
      },
    );
  }
  const token = newSecret();
  const sessions = new BrowserSessions();
  const names = new Set(
    isLoopbackHost(options.host) ? [] : [os.hostname().toLowerCase(), options.host.toLowerCase()],
  );
  let port = 0;

  const limits = options.limits ?? WEB_LIMITS;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const liftLimit = endWithin(request, limits.requestWithinMs);
    if (!isOwnCaller(request, names)) {
      sendProblem(
        response,
        new FalajError('FORBIDDEN', 'This door answers its own pages only.', {
          hint: 'The Host or Origin header is not this door’s.',
        }),
      );
      return;
    }
    const path = requestPath(request);
    if (path === null) {
      if (isMlflowPath(request.url ?? ''))
        options.mlflow.refuse(response, new FalajError('BAD_NAME', 'The path is not a relative path.'));
      else sendProblem(response, noSuchPath());
      return;
    }
    if (answerHealth(path, request, response, options.workspaceState)) return;
    if (path === '/open' && request.method === 'GET') {
      openSession(request, response);
      return;
    }
    const forMlflow = isMlflowPath(path);
    const { refusal, run } = entryOf(request, path, forMlflow ? ['mlflow'] : ['ui', 'api']);
    if (forMlflow) {
      if (refusal !== null) {
        options.mlflow.refuse(response, refusal);
        return;
      }
      if (isMlflowUpload(request, path)) liftLimit();
      await options.mlflow.answer(request, response, path);
      return;
    }
    if (refusal !== null) {
      refuse(request, response, refusal);
      return;
    }
    if (STARTS_PROGRAMS.test(path) && !READS_CODE.test(path)) {
      sendProblem(response, programsForbidden('falaj run'));
      return;
    }
    if (path.startsWith('/rpc/') || path.startsWith('/api/')) {
      await answerApi(request, response, path, run);
      return;
    }
    await serveScreens(options.screens, request, response, path);
  };

  const answerApi = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    run: string | null,
  ): Promise<void> => {
    let context: CallContext;
    try {
      context = { mayStartPrograms: false, ...(run === null ? {} : { reader: readerOf(request, run) }) };
    } catch (error) {
      sendProblem(response, toFalajError(error));
      return;
    }
    if (!(await options.api.handle(request, response, path, context))) sendProblem(response, noSuchPath());
  };

  /**
   * Who may come in: by a browser's session, the door's token, or a token of one of these scopes; a program of a run may also read
   * data. `refusal` says why a request may not.
   */
  const entryOf = (request: IncomingMessage, path: string, scopes: readonly TokenScope[]): Entry => {
    if (sessions.knows(cookieValue(request.headers.cookie, `falaj-${port}`))) return OPEN;
    const presented = presentedSecret(request.headers.authorization);
    if (!presented.startsWith('falaj_'))
      return sameSecret(presented, token) ? OPEN : { refusal: unauthorized(), run: null };
    let grant: TokenGrant | null;
    try {
      grant = options.grantOf(presented);
    } catch (error) {
      return { refusal: toFalajError(error), run: null };
    }
    if (grant === null) return { refusal: unauthorized(), run: null };
    const { scope, run } = grant;
    if (scopes.includes(scope) || (run !== null && isRunRead(request.method, path)))
      return { refusal: null, run };
    const refusal = new FalajError('FORBIDDEN', `A token for ${scope} does not open this.`, {
      hint: `Make one with: falaj token create --scope ${scopes.at(-1)}`,
    });
    return { refusal, run: null };
  };

  const openSession = (request: IncomingMessage, response: ServerResponse): void => {
    const key = new URL(request.url ?? '/', 'http://door').searchParams.get('key') ?? '';
    const session = sessions.exchange(key);
    if (session === null) {
      refuse(request, response, unauthorized());
      return;
    }
    response
      .writeHead(303, {
        location: '/',
        'set-cookie': `falaj-${port}=${session}; HttpOnly; SameSite=Strict; Path=/`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      })
      .end();
  };

  const server = createHttpServer(answer, options.report, { ...limits, requestWithinMs: ARTIFACT_WITHIN_MS });
  try {
    await listen(server, { host: options.host, port: options.port });
  } catch (error) {
    throw listenError(error, options);
  }
  port = (server.address() as AddressInfo).port;
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  return {
    url,
    port,
    token,
    newLink: () => `${url}/open?key=${sessions.newKey()}`,
    close: () => closeServer(server),
  };
}

interface Entry {
  readonly refusal: FalajError | null;
  /** The run whose program asks; null for anybody else. */
  readonly run: string | null;
}

const OPEN: Entry = { refusal: null, run: null };

/** Ends a request that has not arrived as a whole by then. What it returns lifts the limit. */
function endWithin(request: IncomingMessage, milliseconds: number): () => void {
  const timer = setTimeout(() => {
    // A stream of answers may go on for hours after its question was complete.
    if (!request.complete) request.destroy();
  }, milliseconds).unref();
  const lift = (): void => clearTimeout(timer);
  request.once('close', lift);
  return lift;
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: FalajError): void {
  if (!isNavigation(request)) {
    sendProblem(response, refusal, { 'www-authenticate': 'Bearer realm="falaj"' });
    return;
  }
  plainPage(
    response,
    401,
    'This page needs its link',
    'Open the link that <code>falaj ui</code> printed when it started. It works once; <code>falaj ui</code> prints a new one.',
  );
}

function listenError(error: unknown, options: WebDoorOptions): FalajError {
  const code = (error as NodeJS.ErrnoException).code;
  const details = { host: options.host, port: options.port };
  if (code === 'EADDRINUSE') {
    return new FalajError(
      'PORT_IN_USE',
      `Port ${options.port} on ${options.host} is taken by another program.`,
      {
        hint: `Choose another with --port, such as --port ${options.port + 1}, or 0 for any free one.`,
        details,
      },
    );
  }
  if (code === 'EACCES') {
    return new FalajError('FORBIDDEN', `This user may not listen on port ${options.port}.`, {
      hint: 'Choose a port above 1023.',
      details,
    });
  }
  return new FalajError(
    'BAD_INPUT',
    `Cannot listen on ${options.host}:${options.port} (${code ?? String(error)}).`,
    {
      hint: 'Give an address of this machine with --host.',
      details,
      cause: error,
    },
  );
}

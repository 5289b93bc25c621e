import { chmodSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { toFalajError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import { removeEngineFile, writeEngineFile } from '../connect/engine-file.ts';
import { RUN_HEADER, runOfHeader } from '../connect/reading-run.ts';
import { createMlflowFace } from '../mlflow/mlflow-face.ts';
import { type CallContext, createRouter } from '../router/index.ts';
import { openWebDoor, type WebDoor } from '../web/web-door.ts';
import { createApi } from './api.ts';
import { answerHealth } from './health.ts';
import { closeServer, createHttpServer, listen } from './http-server.ts';
import { IdleExit } from './idle-exit.ts';
import type { HostedEngine } from './open-engine.ts';
import { noSuchPath, sendProblem, unauthorized } from './problem.ts';
import { requestPath } from './request-path.ts';
import { newSecret, presentedSecret, sameSecret } from './secret.ts';
import { ensurePrivateFolder } from './socket-path.ts';
import { readWebDoorRequest, type WebDoorRequest } from './web-door-request.ts';

export interface EngineHostOptions {
  readonly engine: HostedEngine;
  /** Absolute path of the workspace's folder. */
  readonly workspace: string;
  readonly socketPath: string;
  readonly screens: string;
  /** Infinity: never ends by itself. */
  readonly idleExitMs: number;
  readonly report: (error: unknown) => void;
  /** Nobody needs the engine any more. */
  readonly onIdle: () => void;
}

export interface EngineHost {
  openWeb(request: WebDoorRequest): Promise<WebDoor>;
  /** Ends every connection and takes the announcement back. The engine itself is the caller's to close. */
  close(): Promise<void>;
}

/** Serves an engine on its user-only socket, announces it, and opens doors to browsers when asked. */
export async function startEngineHost(options: EngineHostOptions): Promise<EngineHost> {
  const { engine } = options;
  const token = newSecret();
  const doors = new Set<WebDoor>();
  /** For programs that the engine starts: nobody else is told of them. */
  const trackingDoors = new Set<WebDoor>();
  const idle = new IdleExit({ idleMs: options.idleExitMs, busy: () => engine.busy, exit: options.onIdle });
  const api = createApi(createRouter(engine, options.report), options.report, engine);
  const mlflow = createMlflowFace(engine, options.report);
  // A locked workspace knows no token: whoever asks is told that it is locked.
  const grantOf = (presented: string) => engine.rooms.tokens.grantOf(presented);
  const startedAt = new Date().toISOString();
  const workspaceState = (): string => engine.state;
  const announce = (): void => {
    const [door] = doors;
    engine.setDoor({ pid: process.pid, url: door?.url ?? null });
    writeEngineFile(options.workspace, {
      socketPath: options.socketPath,
      token,
      pid: process.pid,
      port: door?.port ?? null,
      version: VERSION,
      startedAt,
    });
  };

  const newDoor = (request: WebDoorRequest): Promise<WebDoor> =>
    openWebDoor({
      ...request,
      screens: options.screens,
      api,
      mlflow,
      grantOf,
      workspaceState,
      report: options.report,
    });

  const openWeb = async (request: WebDoorRequest): Promise<WebDoor> => {
    const door = await newDoor(request);
    const leave = idle.enter();
    const close = async (): Promise<void> => {
      if (!doors.delete(opened)) return;
      announce();
      await door.close();
      leave();
    };
    const opened: WebDoor = { ...door, close };
    doors.add(opened);
    announce();
    return opened;
  };

  engine.setTrackingDoor(async () => {
    // One of their own, whatever doors people have opened: it takes tokens for tracking, and only from this machine.
    const door = await newDoor({ host: '127.0.0.1', port: 0, insecure: false });
    trackingDoors.add(door);
    const release = async (): Promise<void> => {
      if (trackingDoors.delete(door)) await door.close();
    };
    return { url: door.url, release };
  });

  /** The door stays open as long as whoever asked for it holds the request. */
  const holdWebDoor = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let door: WebDoor;
    try {
      door = await openWeb(await readWebDoorRequest(request));
    } catch (error) {
      sendProblem(response, toFalajError(error));
      return;
    }
    response.on('close', () => void door.close().catch(options.report));
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(
      `${JSON.stringify({ url: door.url, link: door.newLink(), token: door.token, port: door.port, pid: process.pid })}\n`,
    );
  };

  const server = createHttpServer(async (request, response) => {
    if (!sameSecret(presentedSecret(request.headers.authorization), token)) {
      sendProblem(response, unauthorized());
      return;
    }
    response.on('close', idle.enter());
    const where = requestPath(request);
    if (where === '/attach' && request.method === 'GET') response.writeHead(200).flushHeaders();
    else if (where === '/control/web' && request.method === 'POST') await holdWebDoor(request, response);
    else if (where !== null && answerHealth(where, request, response, workspaceState)) return;
    else if (where === null || !(await api.handle(request, response, where, callContext(request))))
      sendProblem(response, noSuchPath());
  }, options.report);

  await listenPrivately(server, options.socketPath);
  announce();
  return {
    openWeb,
    close: async () => {
      idle.stop();
      removeEngineFile(options.workspace, process.pid);
      for (const door of [...doors, ...trackingDoors]) await door.close();
      removeEngineFile(options.workspace, process.pid);
      await closeServer(server);
      if (process.platform !== 'win32') rmSync(options.socketPath, { force: true });
    },
  };
}

/** Commands of a run's program say which run: what they read is kept with it. */
function callContext({ headers }: IncomingMessage): CallContext {
  const run = runOfHeader(headers[RUN_HEADER]);
  return run === undefined ? {} : { reader: { run, context: null } };
}

/** The workspace's lock is ours by now, so a socket of this name is a dead engine's. Nobody else may ever connect to ours. */
async function listenPrivately(server: Parameters<typeof listen>[0], socketPath: string): Promise<void> {
  if (process.platform === 'win32') return listen(server, socketPath);
  ensurePrivateFolder(path.dirname(socketPath), process.getuid?.() ?? null);
  rmSync(socketPath, { force: true });
  const before = process.umask(0o177); // the socket's mode comes from the umask, from its first moment
  try {
    await listen(server, socketPath);
  } finally {
    process.umask(before);
  }
  chmodSync(socketPath, 0o600);
}

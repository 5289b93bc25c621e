import path from 'node:path';
import type { EngineClient } from '../../shared/contract/types.ts';
import { attachToEngine, type EngineDoor, openEngineDoor } from './engine-door.ts';
import { runFolder } from './engine-file.ts';
import { createSocketClient } from './socket-client.ts';

export interface Connection {
  readonly client: EngineClient;
  /** Whether another process carries out the calls, or this one. */
  readonly mode: 'attached' | 'in-process';
  /** The engine's process. */
  readonly pid: number;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Absolute path of the workspace's folder. */
  readonly workspace: string;
  /** Hears of errors that nobody expected, when this process is the engine. */
  readonly report?: (error: unknown) => void;
  /** The run whose program calls: what it reads is kept with that run. */
  readonly run?: string | undefined;
}

/** The one way to an engine: attaches to the workspace's running one, or carries the engine in this process. */
export const connect = async (options: ConnectOptions): Promise<Connection> =>
  (await attachToRunning(options.workspace, options.run)) ?? (await connectInProcess(options));

/** Attaches to the workspace's engine; null when none runs. */
export async function attachToRunning(workspace: string, run?: string): Promise<Connection | null> {
  const door = await attachToEngine(workspace, () => undefined);
  return door === null ? null : overDoor(door, run);
}

/** Carries the engine in this process, which holds the workspace's lock while it is open. Its rooms are loaded only here. */
export async function connectInProcess(options: ConnectOptions): Promise<Connection> {
  const [{ openEngine }, { createRouter }, { createInProcessClient }] = await Promise.all([
    import('../engine/open-engine.ts'),
    import('../router/index.ts'),
    import('./in-process-client.ts'),
  ]);
  const report = options.report ?? (() => undefined);
  const engine = openEngine(options.workspace);
  const client = createInProcessClient(
    createRouter(engine, report),
    options.run === undefined ? {} : { reader: { run: options.run, context: null } },
  );
  return { client, mode: 'in-process', pid: process.pid, close: () => engine.close() };
}

export interface StartEngineOptions {
  readonly workspace: string;
  /** After how long without anybody the engine ends itself. */
  readonly idleExitMs?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Attaches to the workspace's engine, starting it in a process of its own when none runs. */
export async function startEngine(options: StartEngineOptions): Promise<Connection> {
  const door = await openEngineDoor({
    workspace: options.workspace,
    program: engineProgram(),
    logFile: engineLogFile(options.workspace),
    onGone: () => undefined,
    ...(options.idleExitMs === undefined
      ? {}
      : { engineArguments: ['--idle-exit-ms', String(options.idleExitMs)] }),
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  });
  return overDoor(door);
}

/** The engine's program, seen from the sources or from the bundle, on the Node that runs now. */
export const engineProgram = (): { node: string; engine: string } => ({
  node: process.execPath,
  engine: import.meta.url.endsWith('.ts')
    ? path.resolve(import.meta.dirname, '../engine/main.ts')
    : path.resolve(import.meta.dirname, 'engine.mjs'),
});

export const engineLogFile = (workspace: string): string => path.join(runFolder(workspace), 'engine.log');

function overDoor(door: EngineDoor, run?: string): Connection {
  const { client, close } = createSocketClient(door, run);
  return {
    client,
    mode: 'attached',
    pid: door.pid,
    close: async () => {
      close();
      door.close();
    },
  };
}

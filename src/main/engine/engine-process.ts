import { FalajError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import { screensFolder } from '../web/screens-folder.ts';
import type { WebDoor } from '../web/web-door.ts';
import type { EngineArguments } from './engine-arguments.ts';
import { startEngineHost } from './engine-host.ts';
import type { EngineLog } from './engine-log.ts';
import { type HostedEngine, openEngine } from './open-engine.ts';
import { takeSingleEngine } from './single-engine.ts';
import { ownSurroundings, socketPathOf } from './socket-path.ts';

export interface EngineProcess {
  readonly engine: HostedEngine;
  /** The door to browsers, when the arguments asked for one. */
  readonly web: WebDoor | null;
  /** Resolves when the engine has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Cancels what runs, locks the workspace, takes socket and announcement back. */
  stop(): Promise<void>;
}

export interface EngineProcessOptions extends EngineArguments {
  readonly passphrase: string | undefined;
  readonly log: EngineLog;
}

/** Everything an engine process is: its own lock first (it decides a race of starters), then socket and doors. */
export async function startEngineProcess(options: EngineProcessOptions): Promise<EngineProcess> {
  const socketPath = socketPathOf(options.workspace, ownSurroundings());
  const single = takeSingleEngine(options.workspace);
  const engine = openEngine(options.workspace, { takesUpWork: true });
  let stopping: Promise<void> | undefined;
  let end: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await host?.close();
      await engine.close();
      single.release();
      options.log.info('stopped');
      end();
    })();
    return stopping;
  };
  let host: Awaited<ReturnType<typeof startEngineHost>> | undefined;
  try {
    if (options.passphrase !== undefined) await unlock(engine, options.passphrase);
    host = await startEngineHost({
      engine,
      workspace: options.workspace,
      socketPath,
      screens: screensFolder(),
      idleExitMs: options.idleExitMs,
      report: options.log.unexpected,
      onIdle: () => {
        options.log.info('idle');
        stop().catch(options.log.unexpected);
      },
    });
    const web = options.web === null ? null : await host.openWeb(options.web);
    options.log.info('started', { pid: process.pid, version: VERSION, port: web?.port ?? null });
    return { engine, web, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A passphrase in the surroundings opens a workspace that exists; it does not make one. */
async function unlock(engine: HostedEngine, passphrase: string): Promise<void> {
  try {
    await engine.unlock({ passphrase });
  } catch (error) {
    if (!(error instanceof FalajError) || error.code !== 'WORKSPACE_MISSING') throw error;
  }
}

import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolders } from '../../core/locations/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import { withoutCoreDump } from '../../shared/without-core-dump.ts';
import { stdioOfDetachedChild } from './closed-descriptors.ts';
import { attach } from './engine-attachment.ts';
import { ENGINE_ENVIRONMENT } from './engine-environment.ts';
import { type EngineFile, readEngineFile, removeEngineFile } from './engine-file.ts';

/**
 * Finds the workspace's engine, or starts it: what every host outside the engine's process does first. Plain Node, no native
 * module and no room of the engine, so that the desktop shell can load it.
 */
export interface EngineDoorOptions {
  /** Absolute path of the workspace's folder; it need not exist yet. */
  readonly workspace: string;
  /** The Node binary and the engine's entry file. */
  readonly program: { readonly node: string; readonly engine: string };
  /** Where a started engine writes what it has to say. */
  readonly logFile: string;
  /** The engine ended without being asked by `close()`. Called at most once. */
  onGone(): void;
  /** More arguments for an engine that has to be started, such as `--idle-exit-ms`. */
  readonly engineArguments?: readonly string[];
  /** Its environment; this process's own unless given. Secrets go this way, never as arguments. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly startWithinMs?: number;
}

export interface EngineDoor {
  readonly socketPath: string;
  readonly token: string;
  readonly pid: number;
  /** True when this call started the engine. */
  readonly started: boolean;
  close(): void;
}

/** Exit code of an engine that found the workspace taken. */
export const EXIT_WORKSPACE_TAKEN = 4;

const START_WITHIN_MS = 30_000;
const POLL_MS = 20;
const WAIT_FOR_WINNER_MS = 5_000;
const LOG_ROTATES_AT_BYTES = 4 * 1024 * 1024;
const LOG_TAIL_BYTES = 4_096;

export async function openEngineDoor(options: EngineDoorOptions): Promise<EngineDoor> {
  const running = await attachToEngine(options.workspace, options.onGone);
  if (running !== null) return running;
  return startAndAttach(options);
}

/** Attaches to a living engine of the workspace; null when there is none. */
export async function attachToEngine(workspace: string, onGone: () => void): Promise<EngineDoor | null> {
  const file = readEngineFile(workspace);
  return file === null ? null : attachTo(file, onGone, false);
}

async function attachTo(file: EngineFile, onGone: () => void, started: boolean): Promise<EngineDoor | null> {
  const attachment = await attach(file, onGone);
  if (attachment === null) return null;
  if (file.version !== VERSION) {
    attachment.close();
    throw new FalajError(
      'VERSION_MISMATCH',
      `An engine of version ${file.version} is working here; this is ${VERSION}.`,
      {
        hint: `Close the other Falaj first (process ${file.pid}).`,
        details: { pid: file.pid, running: file.version, own: VERSION },
      },
    );
  }
  return { socketPath: file.socketPath, token: file.token, pid: file.pid, started, close: attachment.close };
}

async function startAndAttach(options: EngineDoorOptions): Promise<EngineDoor> {
  const stale = readEngineFile(options.workspace);
  if (stale !== null) removeEngineFile(options.workspace, stale.pid); // nobody answered there: keep its token from being tried again
  const log = openLog(options.logFile);
  const nullDevice = openSync(devNull, 'r+');
  const [command, given] = withoutCoreDump(process.platform, options.program.node, [
    options.program.engine,
    '--workspace',
    options.workspace,
    ...(options.engineArguments ?? []),
  ]);
  const child = spawn(command, given, {
    detached: true, // it outlives this host: closing a window does not stop a training run
    stdio: stdioOfDetachedChild(log.descriptor, nullDevice), // nothing of ours is inherited: whoever waits for our pipes would wait for the engine
    windowsHide: true,
    cwd: path.parse(options.program.engine).root,
    env: { ...ENGINE_ENVIRONMENT, ...withoutShell(options.environment ?? process.env) },
  });
  closeSync(log.descriptor);
  closeSync(nullDevice);
  let ended: { code: number | null; reason: string } | null = null;
  child.on('error', (error) => {
    ended = { code: null, reason: error.message };
  });
  child.on('exit', (code, signal) => {
    ended ??= { code, reason: signal === null ? `exit code ${code}` : `signal ${signal}` };
  });
  child.unref();

  let deadline = Date.now() + (options.startWithinMs ?? START_WITHIN_MS);
  for (let lost = false; Date.now() < deadline; ) {
    const file = readEngineFile(options.workspace);
    const door = file === null ? null : await attachTo(file, options.onGone, file.pid === child.pid);
    if (door !== null) return door;
    const end = ended as { code: number | null; reason: string } | null;
    if (end !== null && end.code === EXIT_WORKSPACE_TAKEN) {
      if (!lost) deadline = Math.min(deadline, Date.now() + WAIT_FOR_WINNER_MS); // another starter won the race: attach to its engine
      lost = true;
    } else if (end !== null) {
      throw failedToStart(end.reason, log.tail());
    }
    await sleep(POLL_MS);
  }
  if (ended !== null) {
    throw new FalajError('WORKSPACE_IN_USE', 'Another Falaj program is working in this workspace.', {
      hint: 'Wait until its command has finished, or stop it, and try again.',
      details: { workspace: options.workspace },
    });
  }
  child.kill();
  throw failedToStart('no answer in time', log.tail());
}

function failedToStart(reason: string, logTail: string): FalajError {
  return new FalajError(
    'ENGINE_FAILED_TO_START',
    `The engine did not start (${reason}).${logTail === '' ? '' : `\n${logTail}`}`,
    {
      hint: 'Run `falaj doctor`; the lines above are the end of the engine’s log.',
      details: { reason, log: logTail },
    },
  );
}

/** The shell's own switches must not reach a plain Node. */
function withoutShell(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('ELECTRON_') && name !== 'NODE_CHANNEL_FD',
    ),
  );
}

function openLog(file: string): { descriptor: number; tail(): string } {
  makeFolders(path.dirname(file));
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_ROTATES_AT_BYTES)
    renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  const from = fstatSync(descriptor).size;
  return {
    descriptor,
    tail: () => readFileSync(file).subarray(from).subarray(-LOG_TAIL_BYTES).toString('utf8').trim(),
  };
}

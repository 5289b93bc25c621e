import { spawn } from 'node:child_process';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { FalajError } from '../../shared/errors.ts';
import type { QueuedJobContext } from '../jobs/index.ts';
import {
  canHaltProcesses,
  endProcessTree,
  haltProcessTree,
  resumeProcessTree,
  treeOf,
} from '../processes/index.ts';
import { OutputLines } from './output-lines.ts';
import { RUN_VARIABLE } from './script-environment.ts';
import { type TreeLoad, TreeMeter } from './tree-load.ts';

export interface ProcessRequest {
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly graceMs: number;
  readonly onLine: (line: string) => void;
  readonly onLoad: (load: TreeLoad) => void;
  readonly suspendable: QueuedJobContext['suspendable'];
  readonly clock: () => number;
}

export interface ProcessEnd {
  /** As a shell tells it: 128 and the signal's number when a signal ended it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
}

/** Nobody of the tree is left to hold its output open; should somebody else do so, we do not wait for them. */
const LAST_WORDS_WITHIN_MS = 10_000;
const FIRST_LOAD_MS = 1_000;
const LOAD_EVERY_MS = 5_000;

/**
 * Runs a program to its end, with all that it started. When it is stopped, everything is asked to end and then ended; what it
 * left behind when it ended by itself is ended, too.
 *
 * @throws BAD_INPUT when there is no such program, it may not be run, or its folder is gone.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const { command, workingDirectory, environment, signal, clock } = request;
  const startedAt = clock();
  const child = spawn(command[0]!, command.slice(1), {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that it can be ended as a whole and a terminal's Ctrl-C does not reach it past us.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, request)));
    child.once('exit', (code, by) => resolve({ code, signal: by }));
  });
  // Its last words may come after its end.
  const said = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // What fails to start is told by `ended` alone.
  if (child.pid === undefined)
    return ended.then(() => Promise.reject(new Error('A program without a number ended.')));

  const tree = treeOf(child.pid, { variable: RUN_VARIABLE, value: environment[RUN_VARIABLE]! });
  const meter = new TreeMeter(tree, clock);
  const measure = (): void => {
    const load = meter.sample();
    if (load !== null) request.onLoad(load);
  };
  // The first sample is what later ones are compared with.
  meter.sample();
  const early = setTimeout(measure, FIRST_LOAD_MS);
  const timer = setInterval(measure, LOAD_EVERY_MS);
  const lines = [child.stdout, child.stderr].map((stream) => {
    const cut = new OutputLines(request.onLine);
    stream.on('data', (bytes: Buffer) => cut.add(bytes));
    return cut;
  });
  if (canHaltProcesses)
    request.suspendable({ pause: () => haltProcessTree(tree), resume: () => resumeProcessTree(tree) });
  const stop = (): void => void endProcessTree(tree, request.graceMs);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { code, signal: by } = await ended;
    await endProcessTree(tree, request.graceMs);
    await Promise.race([said, sleep(LAST_WORDS_WITHIN_MS, undefined, { ref: false })]);
    return {
      exitCode: code ?? 128 + (by === null ? 0 : os.constants.signals[by]),
      signal: by,
      durationMs: clock() - startedAt,
    };
  } finally {
    request.suspendable(null);
    clearTimeout(early);
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    for (const one of lines) one.end();
  }
}

function startError(error: NodeJS.ErrnoException, { command, workingDirectory }: ProcessRequest): FalajError {
  const [program] = command;
  if (error.code === 'EACCES') {
    return new FalajError('BAD_INPUT', `"${program}" may not be run.`, {
      hint: 'Make it executable (chmod +x), or name its interpreter, such as: falaj run -- python train.py',
    });
  }
  return new FalajError('BAD_INPUT', `"${program}" was not found.`, {
    hint: `It was looked for on the PATH and in ${workingDirectory}. Give the program first, such as: falaj run -- python train.py`,
    cause: error,
  });
}

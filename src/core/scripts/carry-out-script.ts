import type { z } from 'zod';
import type { scriptInput } from '../../shared/contract/scripts.ts';
import { FalajError, toFalajError } from '../../shared/errors.ts';
import type { AccessTokens } from '../access/index.ts';
import type { JobContext, QueuedJobContext } from '../jobs/index.ts';
import type { TrackingRoom } from '../tracking/index.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';
import type { Captured } from './script-capture.ts';
import { scriptEnvironment } from './script-environment.ts';
import type { TreeLoad } from './tree-load.ts';

/** What is kept of a request: all but the environment. */
export type ScriptJobInput = Omit<z.output<typeof scriptInput>, 'environment' | 'schedule'> & {
  /** Under which this engine remembers the environment; a later one does not. */
  readonly environmentId: string;
};

/** An address at which this machine's programs reach the tracking server, for as long as it is held. */
export interface TrackingDoor {
  readonly url: string;
  release(): Promise<void>;
}

export interface ScriptSurroundings {
  /** Of the workspace. */
  readonly folder: string;
  readonly tracking: TrackingRoom;
  readonly tokens: AccessTokens;
  /** Null where the engine has no door and can open none. */
  readonly openDoor: () => Promise<TrackingDoor | null>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface BegunRun {
  readonly run: string;
  readonly experimentId: string;
  /** The environment that the script is given. */
  readonly given: Readonly<Record<string, string>>;
  /** What is kept with the run of how it was started. */
  readonly files: Captured['files'];
}

const GRACE_MS = 10_000;
const TOKEN_SECONDS = 30 * 86_400;

/**
 * Carries a script out whose run is on record, and ends the run as it ended.
 *
 * @throws CHILD_FAILED where it ends with another exit code than 0, CANCELLED where it is stopped.
 */
export async function carryOutScript(
  context: QueuedJobContext,
  input: ScriptJobInput,
  begun: BegunRun,
  surroundings: ScriptSurroundings,
): Promise<ProcessEnd> {
  const { tracking, clock } = surroundings;
  const { run, files } = begun;
  let status: 'finished' | 'failed' | 'killed' = 'failed';
  try {
    for (const [file, text] of Object.entries(files))
      await tracking.files.put({ kind: 'run', id: run }, file, Buffer.from(text));
    const end = await runWithDoor(context, input, begun, surroundings);
    if (context.signal.aborted) status = 'killed';
    context.signal.throwIfAborted();
    if (end.exitCode !== 0) throw ended(input.command, end, { run, job: context.id });
    status = 'finished';
    return end;
  } finally {
    await context.keep(() => tracking.clients.update({ id: run, status, endedAt: clock() }));
  }
}

/** The program itself, with a door to the tracking server for as long as it runs. */
async function runWithDoor(
  context: QueuedJobContext,
  input: ScriptJobInput,
  { run, experimentId, given }: BegunRun,
  { folder, tracking, tokens, openDoor, clock }: ScriptSurroundings,
): Promise<ProcessEnd> {
  const door = await openDoor();
  const startedAt = clock();
  try {
    const token =
      door === null ? null : tokens.create({ scope: 'mlflow', ttlSeconds: TOKEN_SECONDS, run }).token;
    if (door === null) context.log('debug', 'No tracking server: the script runs without one.');
    context.progress({ step: 'run', fraction: null });
    return await runProcess({
      command: input.command,
      workingDirectory: input.workingDirectory,
      environment: scriptEnvironment({
        given,
        workspace: folder,
        run,
        job: context.id,
        ownRuns: input.ownRuns,
        tracking: door === null || token === null ? null : { url: door.url, token, experimentId },
        cpus: input.cpus ?? null,
        gpus: input.gpus === undefined ? null : context.gpus,
      }),
      suspendable: context.suspendable,
      signal: context.signal,
      graceMs: GRACE_MS,
      clock,
      onLine: (line) => context.log('info', line),
      onLoad: (load) => keepLoad(context, load, { run, startedAt, at: clock(), tracking }),
    });
  } finally {
    try {
      await door?.release();
    } finally {
      await context.keep(() => tokens.revokeOfRun(run));
    }
  }
}

/** Of the machine, not of the work: a run that was removed meanwhile, or a full disk, does not end the program. */
function keepLoad(
  context: JobContext,
  load: TreeLoad,
  {
    run,
    startedAt,
    at,
    tracking,
  }: {
    readonly run: string;
    /** Milliseconds since the epoch, as `at`. */
    readonly startedAt: number;
    readonly at: number;
    readonly tracking: TrackingRoom;
  },
): void {
  const values = {
    'system/cpu_percent': load.cpuPercent,
    'system/memory_bytes': load.memoryBytes,
    'system/processes': load.processes,
  };
  const step = Math.round((at - startedAt) / 1000);
  try {
    tracking.clients.logBatch(run, {
      metrics: Object.entries(values).map(([metric, value]) => ({ metric, value, step, at })),
    });
  } catch (error) {
    context.log('debug', `The load could not be kept: ${toFalajError(error).message}`);
  }
}

function ended(
  command: readonly string[],
  { exitCode, signal }: { readonly exitCode: number; readonly signal: string | null },
  { run, job }: { readonly run: string; readonly job: string },
): FalajError {
  const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
  return new FalajError('CHILD_FAILED', `"${command.join(' ')}" ${how}.`, {
    hint: `What it said: falaj jobs logs ${job}`,
    details: { exitCode, run },
  });
}

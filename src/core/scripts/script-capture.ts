import { createHash } from 'node:crypto';
import os from 'node:os';
import { z } from 'zod';
import { gitState } from './git-state.ts';
import { packageList } from './package-list.ts';

/** Where it lies among a run's artifacts. */
export const CAPTURE_FILE = 'falaj/script.json';
export const DIFF_FILE = 'falaj/changes.patch';
export const PACKAGES_FILE = 'falaj/packages.txt';

/** All that a script's run started from, without values of its environment. */
export const scriptCapture = z.object({
  format: z.literal('falaj-script-v1'),
  command: z.array(z.string()).min(1),
  workingDirectory: z.string(),
  resources: z.object({
    cpus: z.number().int().nullable(),
    gpus: z.number().int().nullable(),
    gpuMemoryBytes: z.number().int().nullable().default(null),
    memoryBytes: z.number().int().nullable(),
  }),
  ownRuns: z.boolean().default(false),
  requirements: z.string().nullable(),
  wheelhouse: z.string().nullable().default(null),
  git: z
    .object({
      commit: z.string(),
      branch: z.string().nullable(),
      remote: z.string().nullable(),
      root: z.string(),
      /** SHA-256 of the changes since the commit; null where they were too large to keep. */
      changes: z.string().nullable(),
      untracked: z.array(z.string()),
    })
    .nullable(),
  packages: z.object({ by: z.string(), digest: z.string() }).nullable(),
  machine: z.object({
    platform: z.string(),
    processor: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
    accelerators: z.array(z.object({ name: z.string(), driver: z.string().nullable() })),
  }),
});

export type ScriptCapture = z.infer<typeof scriptCapture>;

export interface CaptureRequest {
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly resources: ScriptCapture['resources'];
  readonly ownRuns: boolean;
  readonly requirements: string | null;
  readonly wheelhouse: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly accelerators: ScriptCapture['machine']['accelerators'];
}

/** Files to keep with the run. */
export interface Captured {
  readonly capture: ScriptCapture;
  readonly files: Readonly<Record<string, string>>;
}

/** Records what a script starts from: its code, packages and machine. */
export async function captureScript(request: CaptureRequest): Promise<Captured> {
  const { command, workingDirectory, environment, resources, ownRuns, accelerators } = request;
  const { requirements, wheelhouse } = request;
  const [code, packages] = await Promise.all([
    codeOf(workingDirectory),
    packageList(command, { folder: workingDirectory, environment }),
  ]);
  const capture: ScriptCapture = {
    format: 'falaj-script-v1',
    command: [...command],
    workingDirectory,
    resources,
    ownRuns,
    requirements,
    wheelhouse,
    git: code?.facts ?? null,
    packages: packages === null ? null : { by: packages.by, digest: sha256(packages.text) },
    machine: {
      platform: `${os.platform()} ${os.release()} ${os.arch()}`,
      processor: os.cpus()[0]?.model.trim() ?? 'unknown',
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      accelerators,
    },
  };
  return {
    capture,
    files: {
      [CAPTURE_FILE]: `${JSON.stringify(capture, null, 2)}\n`,
      ...(code?.diff ? { [DIFF_FILE]: code.diff } : {}),
      ...(packages === null ? {} : { [PACKAGES_FILE]: packages.text }),
    },
  };
}

/** What is recorded of a folder's code, and the changes themselves; null where git does not know it. */
export async function codeOf(
  folder: string,
): Promise<{ readonly facts: NonNullable<ScriptCapture['git']>; readonly diff: string | null } | null> {
  const state = await gitState(folder);
  if (state === null) return null;
  const { diff, untracked, ...facts } = state;
  const changes = diff === null ? null : sha256(diff);
  return { facts: { ...facts, changes, untracked: [...untracked] }, diff };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

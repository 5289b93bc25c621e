import { oc } from '@orpc/contract';
import { z } from 'zod';
import { runDifference } from '../run-difference.ts';
import { byId, jobStarted } from './common.ts';
import { jobSchedule } from './jobs.ts';

export const scriptInput = z.object({
  /** The program and its arguments, as the shell would take them. */
  command: z.array(z.string().max(32_768)).min(1).max(4096),
  workingDirectory: z.string().min(1),
  /** Variables of the person's shell. They go to the script and are kept nowhere. */
  environment: z.record(z.string(), z.string()).default({}),
  experiment: z.string().min(1).max(256).default('Default'),
  name: z.string().min(1).max(256).optional(),
  cpus: z.number().int().min(1).max(4096).optional(),
  gpus: z.number().int().min(0).max(64).optional(),
  /** Of each GPU that it needs; without it, it has them whole. */
  gpuMemoryBytes: z.number().int().min(1).optional(),
  memoryBytes: z.number().int().min(1).optional(),
  /** Absolute path of a requirements file, for an environment of its own. */
  requirements: z.string().min(1).optional(),
  /** Absolute path of a folder of wheels. */
  wheelhouse: z.string().min(1).optional(),
  schedule: jobSchedule.prefault({}),
  /** It begins MLflow runs of its own: this one is not offered to it as the run to log into. */
  ownRuns: z.boolean().default(false),
  /** A run that this one repeats: in its code, where git knows it, with what it was started with. */
  repeats: z.string().min(1).max(64).optional(),
});

export const scriptResult = z.object({
  run: z.string(),
  exitCode: z.number().int(),
  durationMs: z.number(),
  /** Null unless the run repeats another. */
  differences: z.array(runDifference).nullable(),
});

export const rerunInput = byId.extend({
  environment: z.record(z.string(), z.string()).default({}),
});

/** What a run's program was, as recorded when it started. */
export const runCode = z.object({
  command: z.array(z.string()),
  git: z
    .object({
      commit: z.string(),
      branch: z.string().nullable(),
      remote: z.string().nullable(),
      /** SHA-256 of the changes since the commit; null where they were too large to keep. */
      changes: z.string().nullable(),
      /** The changes themselves, as `git diff` writes them; cut at a megabyte. */
      diff: z.string().nullable(),
      /** Files that git did not know. */
      untracked: z.array(z.string()),
    })
    .nullable(),
  packages: z.object({ by: z.string(), digest: z.string(), list: z.string() }).nullable(),
  machine: z.object({ platform: z.string(), processor: z.string(), cores: z.number().int() }),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Something that a script read: a dataset's version, or features by the digest of their content or of what they come from. */
export const scriptRead = z.object({
  name: z.string().min(1).max(500),
  source: z.string().max(1000),
  /** Of a dataset. */
  version: z.number().int().min(1).optional(),
  digest: sha256,
  /** Of a dataset; all unless said. */
  columns: z.array(z.string().max(500)).max(10_000).optional(),
  /** What for, such as `training`. */
  context: z.string().max(64).optional(),
  /** The datasets that features come from. */
  from: z
    .array(z.object({ name: z.string().max(500), version: z.number().int().min(1), digest: sha256 }))
    .max(10_000)
    .optional(),
});

export const scriptsContract = {
  /** Runs a program as a tracked run. Job result: `scriptResult`. */
  run: oc.route({ method: 'POST', path: '/scripts' }).input(scriptInput).output(jobStarted),
  /** Null for a run that `falaj run` did not start. */
  code: oc.route({ method: 'GET', path: '/scripts/{id}/code' }).input(byId).output(runCode.nullable()),
  /** Runs again what a run was, and tells what differs. Job result: `scriptResult`. */
  rerun: oc.route({ method: 'POST', path: '/scripts/{id}/rerun' }).input(rerunInput).output(jobStarted),
};

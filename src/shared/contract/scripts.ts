import { oc } from '@orpc/contract';
import { z } from 'zod';
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
  /** A run that this one repeats: in its code, where git knows it, with what it was started with. */
  repeats: z.string().min(1).max(64).optional(),
});

export const scriptDifference = z.object({
  what: z.enum(['command', 'code', 'packages', 'data', 'machine', 'param', 'metric']),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export const scriptResult = z.object({
  run: z.string(),
  exitCode: z.number().int(),
  durationMs: z.number(),
  /** Null unless the run repeats another. */
  differences: z.array(scriptDifference).nullable(),
});

export const rerunInput = byId.extend({
  environment: z.record(z.string(), z.string()).default({}),
});

export const scriptsContract = {
  /** Runs a program as a tracked run. Job result: `scriptResult`. */
  run: oc.route({ method: 'POST', path: '/scripts' }).input(scriptInput).output(jobStarted),
  /** Runs again what a run was, and tells what differs. Job result: `scriptResult`. */
  rerun: oc.route({ method: 'POST', path: '/scripts/{id}/rerun' }).input(rerunInput).output(jobStarted),
};

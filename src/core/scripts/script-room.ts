import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { jobSchedule } from '../../shared/contract/jobs.ts';
import type { rerunInput, scriptInput, scriptResult } from '../../shared/contract/scripts.ts';
import type { DeviceReport, RunCode, ScriptRead } from '../../shared/contract/types.ts';
import { scriptNeeds } from '../../shared/definitions/python-learner.ts';
import { FalajError, isFalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext, JobQueue, QueuedJobContext } from '../jobs/index.ts';
import { endProcessTree, processesMarked, treeOf } from '../processes/index.ts';
import type { Store } from '../store/index.ts';
import { environmentsFolder } from './cache-folder.ts';
import { carryOutScript, type ScriptJobInput, type ScriptSurroundings } from './carry-out-script.ts';
import { type CapturedRun, scriptDifferences } from './compare-runs.ts';
import { type CodeCopy, pastCode } from './past-code.ts';
import { pythonEnvironment } from './python-environment.ts';
import { readRunCode } from './run-code.ts';
import { runInput } from './run-input.ts';
import {
  CAPTURE_FILE,
  type Captured,
  captureScript,
  DIFF_FILE,
  type ScriptCapture,
  scriptCapture,
} from './script-capture.ts';
import { RUN_VARIABLE, withPython } from './script-environment.ts';
import type { ShellEnvironments } from './shell-environments.ts';
import { TRAINING_FILE, trainingCapture } from './training-capture.ts';

export interface ScriptRoomOptions extends ScriptSurroundings {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly jobs: JobQueue;
  readonly environments: ShellEnvironments;
  readonly devices: () => Promise<DeviceReport> | DeviceReport;
}

type ScriptResult = z.infer<typeof scriptResult>;

/** Marks runs that a script writes, so that a later engine knows whose processes to look for. */
export const SCRIPT_TAG = 'falaj.script';

/** Programs of people, run as tracked runs. */
export class ScriptRoom {
  readonly #options: ScriptRoomOptions;

  constructor(options: ScriptRoomOptions) {
    this.#options = options;
  }

  /** Begins a run. The environment that comes with it goes to the script and is written nowhere. */
  start(input: z.output<typeof scriptInput>): { job: string } {
    const { environment, schedule, ...kept } = input;
    if (!existsSync(input.workingDirectory)) {
      throw new FalajError('FILE_NOT_FOUND', `There is no folder "${input.workingDirectory}".`, {
        hint: 'Run from a folder that exists.',
      });
    }
    const environmentId = this.#options.environments.keep(environment);
    return this.#options.jobs.start('scripts.run', { ...kept, environmentId }, schedule);
  }

  /** Begins what a run was once more. */
  async rerun({ id, environment }: z.output<typeof rerunInput>): Promise<{ job: string }> {
    const training = await this.#artifact(id, TRAINING_FILE);
    if (training !== null) return this.#trainAgain(id, training, environment);
    const { capture } = await this.#captured(id);
    const { experimentId, name } = this.#options.tracking.clients.get(id);
    const { cpus, gpus, gpuMemoryBytes, memoryBytes } = capture.resources;
    return this.start({
      command: capture.command,
      workingDirectory: capture.workingDirectory,
      environment,
      schedule: jobSchedule.parse({}),
      experiment: this.#options.tracking.groups.get(experimentId).name,
      name,
      repeats: id,
      ownRuns: capture.ownRuns,
      ...(cpus === null ? {} : { cpus }),
      ...(gpus === null ? {} : { gpus }),
      ...(gpuMemoryBytes === null ? {} : { gpuMemoryBytes }),
      ...(memoryBytes === null ? {} : { memoryBytes }),
      ...(capture.requirements === null ? {} : { requirements: capture.requirements }),
      ...(capture.wheelhouse === null ? {} : { wheelhouse: capture.wheelhouse }),
    });
  }

  /** A training whose learner is a script is run again with the definition and the code of then. */
  #trainAgain(id: string, training: string, environment: Readonly<Record<string, string>>): { job: string } {
    const { jobs, environments } = this.#options;
    const { name, wheelhouse, definition } = trainingCapture.parse(JSON.parse(training));
    const needs = scriptNeeds(definition.learner);
    return jobs.start('training.run', {
      name,
      repeats: id,
      environmentId: environments.keep(environment),
      ...(needs === null ? {} : { needs }),
      ...(wheelhouse === null ? {} : { wheelhouse }),
    });
  }

  /** What a run's program was; null for a run that was not started as a script. */
  async code({ id }: { readonly id: string }): Promise<RunCode | null> {
    this.#options.tracking.get({ id });
    const text = await this.#artifact(id, CAPTURE_FILE);
    if (text === null) return null;
    return readRunCode(scriptCapture.parse(JSON.parse(text)), (file) => this.#artifact(id, file));
  }

  /**
   * Keeps with a run what its program read through the workspace; what it read before is kept once. A program whose run was
   * removed meanwhile goes on, and nothing is kept.
   */
  recordRead({ id, ...read }: ScriptRead & { readonly id: string }): void {
    const { tracking, store } = this.#options;
    const { name, version, digest, from = [] } = read;
    try {
      store.transaction(() => {
        const before = tracking.clients
          .inputs(id)
          .find(({ dataset }) => dataset.name === name && dataset.digest === digest);
        const input = runInput(read, before);
        if (!isDeepStrictEqual(input, before)) tracking.clients.logInputs(id, [input]);
        for (const data of version === undefined ? from : [{ name, version, digest }, ...from])
          tracking.addData(id, data);
      });
    } catch (error) {
      if (!isFalajError(error) || (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT')) throw error;
    }
  }

  /** Ends what scripts of an engine that died left running, and their runs, and takes back their tokens. */
  async endAbandoned(): Promise<void> {
    const { tracking, tokens } = this.#options;
    for (const id of tracking.clients.unfinished(SCRIPT_TAG)) {
      const mark = { variable: RUN_VARIABLE, value: id };
      for (const pid of processesMarked(mark.variable, mark.value))
        await endProcessTree(treeOf(pid, mark), 0);
      tokens.revokeOfRun(id);
      tracking.clients.fail(id);
    }
  }

  /** Carries out what {@link start} began; of a run that is repeated it tells what has come out differently. */
  async run(context: QueuedJobContext, input: ScriptJobInput): Promise<ScriptResult> {
    const shell = this.#options.environments.of(input.environmentId);
    const before = input.repeats === undefined ? null : await this.#captured(input.repeats);
    const place = before === null ? null : await this.#pastCode(input, before.capture, context);
    try {
      const here = { ...input, workingDirectory: place?.workingDirectory ?? input.workingDirectory };
      const given = withPython(shell, await this.#python(context, input, shell));
      const captured = await this.#capture(here, given);
      const begun = this.#begin(context, input, captured);
      const { exitCode, durationMs } = await carryOutScript(
        context,
        here,
        { ...begun, given, files: captured.files },
        this.#options,
      );
      const differences = before === null ? null : scriptDifferences(before, await this.#captured(begun.run));
      return { run: begun.run, exitCode, durationMs, differences };
    } finally {
      const left = await place?.close();
      if (left) context.log('warn', `What it made stays in ${left}: take what you need, and remove it.`);
    }
  }

  async #capture(input: ScriptJobInput, given: Readonly<Record<string, string>>): Promise<Captured> {
    const { accelerators } = await this.#options.devices();
    return captureScript({
      command: input.command,
      workingDirectory: input.workingDirectory,
      environment: given,
      requirements: input.requirements ?? null,
      wheelhouse: input.wheelhouse ?? null,
      ownRuns: input.ownRuns,
      resources: {
        cpus: input.cpus ?? null,
        gpus: input.gpus ?? null,
        gpuMemoryBytes: input.gpuMemoryBytes ?? null,
        memoryBytes: input.memoryBytes ?? null,
      },
      accelerators: accelerators.map(({ name, driverVersion }) => ({ name, driver: driverVersion })),
    });
  }

  /** The run that the script writes, on record before the script begins. */
  #begin(
    context: JobContext,
    { command, experiment, name, repeats }: ScriptJobInput,
    { capture }: Captured,
  ): { readonly run: string; readonly experimentId: string } {
    const { tracking, audit, store } = this.#options;
    return store.transaction(() => {
      const experimentId = tracking.experimentNamed(experiment);
      const { id: run } = tracking.clients.create({
        experimentId,
        name: name ?? path.basename(command.slice(1).find((part) => /\.\w+$/.test(part)) ?? command[0]!),
        userId: os.userInfo().username,
        tags: tagsOf({ command, repeats }, capture, context.id),
      });
      audit.append({
        action: 'run.script',
        object: `run/${run}`,
        details: { program: path.basename(command[0]!) },
      });
      return { run, experimentId };
    });
  }

  async #python(
    context: JobContext,
    { requirements, wheelhouse }: ScriptJobInput,
    environment: Readonly<Record<string, string | undefined>>,
  ): Promise<string | null> {
    if (requirements === undefined) return null;
    context.progress({ step: 'environment', fraction: null });
    return pythonEnvironment({
      requirements,
      wheelhouse: wheelhouse ?? null,
      cache: environmentsFolder(environment),
      environment,
      signal: context.signal,
      log: (text) => context.log('debug', text),
    });
  }

  /** Where the code of the run that is repeated lies; null where it is as it was. */
  async #pastCode(
    input: ScriptJobInput,
    { git }: ScriptCapture,
    context: JobContext,
  ): Promise<CodeCopy | null> {
    const diff = await this.#artifact(input.repeats!, DIFF_FILE);
    const code = await pastCode(input.workingDirectory, git, diff);
    if (code === 'current') return null;
    if (code === 'gone') {
      context.log(
        'warn',
        `The code of commit ${git?.commit} could not be checked out: it runs as it is now.`,
      );
      return null;
    }
    context.log('debug', `Runs from a copy of commit ${git?.commit} with the changes of then.`);
    return code;
  }

  async #captured(id: string): Promise<CapturedRun> {
    const { tracking } = this.#options;
    const { params, metrics, inputs } = tracking.clients.get(id);
    const text = await this.#artifact(id, CAPTURE_FILE);
    if (text === null) {
      throw new FalajError('BAD_INPUT', `Run ${id} was not started by falaj run.`, {
        hint: 'A training is run again with: falaj train NAME',
      });
    }
    return {
      capture: scriptCapture.parse(JSON.parse(text)),
      params,
      metrics: Object.fromEntries(metrics.map(({ metric, value }) => [metric, value])),
      data: inputs.map(({ dataset }) => dataset),
    };
  }

  async #artifact(id: string, file: string): Promise<string | null> {
    try {
      return (await this.#options.tracking.files.readAll({ kind: 'run', id }, file)).toString('utf8');
    } catch (error) {
      if (isFalajError(error) && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }
}

const tagsOf = (
  input: Pick<ScriptJobInput, 'command' | 'repeats'>,
  { git }: ScriptCapture,
  job: string,
): Record<string, string> => ({
  [SCRIPT_TAG]: 'true',
  job,
  'mlflow.source.type': 'LOCAL',
  'mlflow.source.name': input.command.join(' ').slice(0, 500),
  ...(git === null ? {} : { 'mlflow.source.git.commit': git.commit }),
  ...(git?.branch ? { 'mlflow.source.git.branch': git.branch } : {}),
  ...(input.repeats === undefined ? {} : { 'falaj.repeats': input.repeats }),
});

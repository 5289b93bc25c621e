import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DeviceReport } from '../../../shared/contract/types.ts';
import { scriptNeeds } from '../../../shared/definitions/python-learner.ts';
import type { PythonLearner } from '../../../shared/definitions/training.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import {
  captureScript,
  environmentsFolder,
  gpuVariables,
  pythonEnvironment,
  RUN_VARIABLE,
  runProcess,
  threadVariables,
  withPython,
} from '../../scripts/index.ts';
import type { OnIteration } from '../fitted-model.ts';
import type { OutsideLearner, OutsideModel } from '../outside/outside-learner.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { CODE_FOLDER, handOver, handOverBytes, MODEL_FILE, writeCode } from './hand-over.ts';
import { openHandedModel } from './handed-model.ts';
import { LEARNER_VARIABLE, type MemoryFolder, makeMemoryFolder } from './memory-folder.ts';
import { progressOf } from './progress-line.ts';
import { unusable } from './usable-model.ts';

export interface ScriptLearnerOptions {
  readonly learner: PythonLearner;
  /** The variables of the shell that the training was started from. */
  readonly shell: Readonly<Record<string, string>>;
  /** Folder of wheels that its environment is made from, without a network. */
  readonly wheelhouse: string | null;
  readonly accelerators: DeviceReport['accelerators'];
  readonly context: JobContext;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const GRACE_MS = 10_000;
const CODE_BYTES = 16 * 2 ** 20;
const LARGEST_MODEL_BYTES = 2 ** 30;
const LAST_LINES = 8;
/** Where such variables lead, rows of a workspace would go. */
const LEADS_ELSEWHERE = /^(?:MLFLOW_|FALAJ_(?:URL|TOKEN|WORKSPACE)$)/;

/** A script of the person's own, ready to learn: its environment is made. */
export interface ScriptLearner extends OutsideLearner {
  /** What it starts from, to keep with the run, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Makes the script's environment, and looks at what it will run with. */
export async function openScriptLearner(options: ScriptLearnerOptions): Promise<ScriptLearner> {
  const { learner, shell, accelerators } = options;
  refuseOtherGpus(options);
  const needs = scriptNeeds(learner);
  const folder = await makeMemoryFolder(shell, CODE_BYTES);
  try {
    const code = path.join(folder.path, CODE_FOLDER);
    writeCode(code, learner);
    const given = withPython(shell, await environmentOf(options, code));
    const { files } = await captureScript({
      command: commandOf(learner),
      workingDirectory: folder.path,
      environment: given,
      requirements: learner.requirements ?? null,
      wheelhouse: options.wheelhouse,
      ownRuns: false,
      resources: {
        cpus: learner.cpus ?? null,
        gpus: learner.gpus ?? null,
        gpuMemoryBytes: needs?.gpuMemoryBytes ?? null,
        memoryBytes: needs?.memoryBytes ?? null,
      },
      accelerators: accelerators.map(({ name, driverVersion }) => ({ name, driver: driverVersion })),
    });
    const texts = Object.entries(learner.code).map(([file, text]) => [`${CODE_FOLDER}/${file}`, text]);
    return {
      files: { ...files, ...Object.fromEntries(texts) },
      fit: (request, onIteration, signal) => learnWith(options, given, { request, onIteration, signal }),
    };
  } finally {
    folder.remove();
  }
}

/** What the queue gave is what the definition asked for when the training began to wait. */
function refuseOtherGpus({ learner, context }: ScriptLearnerOptions): void {
  const [asked, given] = [learner.gpus ?? 0, context.gpus?.length ?? 0];
  if (asked === given) return;
  throw new FalajError('CONFLICT', `The script asks for ${asked} GPUs, and ${given} were kept for it.`, {
    hint: 'Its definition was changed while it waited: start the training anew.',
  });
}

const commandOf = ({ script }: PythonLearner): string[] => [PYTHON, `${CODE_FOLDER}/${script}`];

async function environmentOf(
  { learner, wheelhouse, shell, context }: ScriptLearnerOptions,
  code: string,
): Promise<string | null> {
  if (learner.requirements === undefined) return null;
  context.progress({ step: 'environment', fraction: null });
  return pythonEnvironment({
    requirements: path.join(code, learner.requirements),
    wheelhouse,
    cache: environmentsFolder(shell),
    environment: shell,
    signal: context.signal,
    log: (text) => context.log('debug', text),
  });
}

interface Fitting {
  readonly request: LearnRequest;
  readonly onIteration: OnIteration;
  readonly signal: AbortSignal;
}

async function learnWith(
  options: ScriptLearnerOptions,
  given: Readonly<Record<string, string>>,
  { request, onIteration, signal }: Fitting,
): Promise<OutsideModel> {
  const { learner } = request;
  if (learner.kind !== 'python') throw new TypeError(`The learner ${learner.kind} is no script.`);
  const folder = await makeMemoryFolder(given, handOverBytes(request));
  let model: Uint8Array;
  try {
    await handOver(folder.path, request, learner);
    await runScript(options, learner, { folder, given, request, onIteration, signal });
    model = await handedBack(folder.path);
  } finally {
    folder.remove();
  }
  return openHandedModel(model, request, signal);
}

async function runScript(
  { context, clock }: ScriptLearnerOptions,
  learner: PythonLearner,
  {
    folder,
    given,
    request,
    onIteration,
    signal,
  }: Fitting & { readonly folder: MemoryFolder; readonly given: Readonly<Record<string, string>> },
): Promise<void> {
  const temporary = path.join(folder.path, 'tmp');
  await mkdir(temporary);
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !LEADS_ELSEWHERE.test(name)));
  const lastLines: string[] = [];
  const end = await runProcess({
    command: commandOf(learner),
    workingDirectory: folder.path,
    environment: {
      ...own,
      ...threadVariables(request.threads),
      ...gpuVariables(learner.gpus === undefined ? null : (context.gpus ?? [])),
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONHASHSEED: String(request.seed >>> 0),
      // What it writes beside lies in memory, too.
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      [LEARNER_VARIABLE]: folder.path,
      [RUN_VARIABLE]: path.basename(folder.path),
    },
    suspendable: () => undefined,
    signal,
    graceMs: GRACE_MS,
    clock,
    onLoad: () => undefined,
    onLine: (line) => {
      const progress = progressOf(line);
      if (progress !== null) {
        onIteration(progress.step, progress.of, progress.metrics);
        return;
      }
      context.log('info', line);
      if (line.trim() !== '') lastLines.push(line);
      if (lastLines.length > LAST_LINES) lastLines.shift();
    },
  });
  signal.throwIfAborted();
  if (end.exitCode === 0) return;
  const how = end.signal === null ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
  throw new FalajError(
    'CHILD_FAILED',
    `The script ${learner.script} ${how}: ${lastLines.at(-1) ?? 'it said nothing'}`,
    {
      hint: `All that it said is in the job’s log. Its last lines:\n${lastLines.join('\n')}`,
    },
  );
}

async function handedBack(folder: string): Promise<Uint8Array> {
  const file = path.join(folder, MODEL_FILE);
  if (!existsSync(file))
    throw new FalajError('MODEL_UNUSABLE', 'The script handed back no model.', {
      hint: `It writes an ONNX model into ${MODEL_FILE}, in the folder that it runs in.`,
    });
  const { size } = await stat(file);
  if (size > LARGEST_MODEL_BYTES)
    throw unusable(`takes ${size} bytes`, `At most ${LARGEST_MODEL_BYTES} are taken.`);
  return readFile(file);
}

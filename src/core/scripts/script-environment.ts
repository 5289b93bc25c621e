import path from 'node:path';
import { JOB_VARIABLE } from '../processes/index.ts';

/** Under which a script's processes are known. */
export const RUN_VARIABLE = 'FALAJ_RUN_ID';

/** Where a script's tracking goes; null where nobody listens. */
export interface TrackingAddress {
  readonly url: string;
  readonly token: string;
  readonly experimentId: string;
}

export interface ScriptEnvironment {
  /** What the person's own shell had, with the environment of Python that was asked for. */
  readonly given: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly run: string;
  readonly job: string;
  /** It begins MLflow runs of its own. */
  readonly ownRuns: boolean;
  readonly tracking: TrackingAddress | null;
  readonly cpus: number | null;
  /** The devices that it may use; null leaves the choice to the script. */
  readonly gpus: readonly string[] | null;
}

/** Libraries that would else start a thread for every core, whatever the script was given. */
const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
];

/** How many threads libraries of numbers may start. */
export const threadVariables = (threads: number): Record<string, string> =>
  Object.fromEntries(THREAD_VARIABLES.map((name) => [name, String(threads)]));

/** Which GPUs a program of CUDA sees; null leaves the choice to it. */
export const gpuVariables = (gpus: readonly string[] | null): Record<string, string> =>
  gpus === null ? {} : { CUDA_VISIBLE_DEVICES: gpus.join(',') };

/** A shell's variables without the workspace's passphrase, which goes to no program of a person. */
export const withoutPassphrase = (
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^FALAJ_(?:NEW_)?PASSPHRASE/.test(entry[0]),
    ),
  );

/** The same with the programs of an environment of Python before all others; null leaves them as they are. */
export function withPython(
  given: Readonly<Record<string, string>>,
  python: string | null,
): Record<string, string> {
  if (python === null) return { ...given };
  const { PYTHONHOME: _elsewhere, ...kept } = given;
  const programs = path.join(python, process.platform === 'win32' ? 'Scripts' : 'bin');
  return {
    ...kept,
    VIRTUAL_ENV: python,
    PATH: [programs, ...(given['PATH'] ? [given['PATH']] : [])].join(path.delimiter),
  };
}

/** The environment of a script. */
export function scriptEnvironment(request: ScriptEnvironment): Record<string, string> {
  const { given, workspace, run, job, ownRuns, tracking, cpus, gpus } = request;
  const environment: Record<string, string> = {
    // The client's links lead to an address that goes with the program; the run's id is told at its end.
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: 'true',
    ...given,
    PYTHONUNBUFFERED: '1',
    FALAJ_WORKSPACE: workspace,
    [RUN_VARIABLE]: run,
    [JOB_VARIABLE]: job,
  };
  if (ownRuns) delete environment['MLFLOW_RUN_ID'];
  else environment['MLFLOW_RUN_ID'] = run;
  if (tracking !== null) {
    environment['MLFLOW_TRACKING_URI'] = tracking.url;
    environment['MLFLOW_TRACKING_TOKEN'] = tracking.token;
    environment['MLFLOW_EXPERIMENT_ID'] = tracking.experimentId;
    delete environment['MLFLOW_EXPERIMENT_NAME'];
    environment['FALAJ_URL'] = tracking.url;
    environment['FALAJ_TOKEN'] = tracking.token;
  }
  if (cpus !== null) Object.assign(environment, threadVariables(cpus));
  return { ...environment, ...gpuVariables(gpus) };
}

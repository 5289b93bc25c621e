/** Under which a script's processes are known, and by which its commands tell what they read. */
export const RUN_VARIABLE = 'FALAJ_RUN_ID';

/** Where a script's tracking goes; null where nobody listens. */
export interface TrackingAddress {
  readonly url: string;
  readonly token: string;
  readonly experimentId: string;
}

export interface ScriptEnvironment {
  /** What the person's own shell had. */
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly workspace: string;
  readonly run: string;
  readonly tracking: TrackingAddress | null;
  readonly cpus: number | null;
  /** Numbers of the devices that it may use; null leaves the choice to the script. */
  readonly gpus: readonly string[] | null;
  /** Folder of an environment of Python; null for the person's own. */
  readonly python: string | null;
}

/** Libraries that would else start a thread for every core, whatever the script was given. */
const THREAD_VARIABLES = [
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'NUMEXPR_NUM_THREADS',
];

/** The environment of a script. The workspace's passphrase never goes along. */
export function scriptEnvironment(request: ScriptEnvironment): Record<string, string> {
  const { given, workspace, run, tracking, cpus, gpus, python } = request;
  const kept = Object.entries(given).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^FALAJ_(?:NEW_)?PASSPHRASE/.test(entry[0]),
  );
  const environment: Record<string, string> = {
    ...Object.fromEntries(kept),
    PYTHONUNBUFFERED: '1',
    FALAJ_WORKSPACE: workspace,
    [RUN_VARIABLE]: run,
    MLFLOW_RUN_ID: run,
  };
  if (tracking !== null) {
    environment['MLFLOW_TRACKING_URI'] = tracking.url;
    environment['MLFLOW_TRACKING_TOKEN'] = tracking.token;
    environment['MLFLOW_EXPERIMENT_ID'] = tracking.experimentId;
    delete environment['MLFLOW_EXPERIMENT_NAME'];
  }
  if (cpus !== null) for (const name of THREAD_VARIABLES) environment[name] = String(cpus);
  if (gpus !== null) environment['CUDA_VISIBLE_DEVICES'] = gpus.join(',');
  if (python !== null) {
    const windows = process.platform === 'win32';
    environment['VIRTUAL_ENV'] = python;
    environment['PATH'] = `${python}${windows ? '\\Scripts;' : '/bin:'}${environment['PATH'] ?? ''}`;
    delete environment['PYTHONHOME'];
  }
  return environment;
}

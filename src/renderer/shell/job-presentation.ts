import type { TFunction } from 'i18next';
import type { Job, JobState } from '../../shared/contract/types.ts';
import type { Tone } from '../components/status-badge.tsx';

const TONES: Readonly<Record<JobState, Tone>> = {
  queued: 'unknown',
  running: 'running',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'unknown',
  interrupted: 'attention',
};

/** What is paused does not move. */
export const jobTone = ({ state, paused }: Job): Tone => (paused ? 'attention' : TONES[state]);

export const jobStateText = (t: TFunction, { state, paused }: Job): string =>
  t(paused ? 'jobStates.paused' : `jobStates.${state}`);

export const isActive = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

export const isMoving = ({ state, paused }: Job): boolean => state === 'running' && !paused;

const KINDS = {
  'data.import': 'jobKinds.dataImport',
  'data.export': 'jobKinds.dataExport',
  'connections.check': 'jobKinds.connectionsCheck',
  'connections.import': 'jobKinds.connectionsImport',
  'features.historical': 'jobKinds.featuresHistorical',
  'features.check': 'jobKinds.featuresCheck',
  'features.verify': 'jobKinds.featuresVerify',
  'features.materialize': 'jobKinds.featuresMaterialize',
  'features.push-file': 'jobKinds.featuresPush',
  'features.skew': 'jobKinds.featuresSkew',
  'training.run': 'jobKinds.trainingRun',
  'scripts.run': 'jobKinds.scriptsRun',
  'models.export': 'jobKinds.modelsExport',
  'models.verify': 'jobKinds.modelsVerify',
  'runs.export': 'jobKinds.runsExport',
  'runs.import': 'jobKinds.runsImport',
  'models.predict': 'jobKinds.modelsPredict',
  'models.explain': 'jobKinds.modelsExplain',
  'drift.check': 'jobKinds.driftCheck',
  'devices.verify': 'jobKinds.devicesVerify',
  'demo.run': 'jobKinds.demoRun',
} as const;

const isKnownKind = (kind: string): kind is keyof typeof KINDS => Object.hasOwn(KINDS, kind);

/** The kind of work in the person's language; an unknown kind shows its own name. */
export const jobKindText = (t: TFunction, kind: string): string =>
  isKnownKind(kind) ? t(KINDS[kind]) : kind;

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** The page of what the job made, else of what it works on, else its own. */
export function jobTarget(job: Job): string {
  const name = field(job.result, 'name');
  const id = field(job.result, 'id');
  const run = field(job.result, 'run');
  if (job.state === 'succeeded') {
    if ((job.kind === 'data.import' || job.kind === 'connections.import') && typeof name === 'string')
      return `/data/${name}`;
    if (job.kind === 'training.run' && typeof run === 'string') return `/runs/${run}`;
    if (job.kind === 'drift.check' && typeof id === 'string') return `/drift/${id}`;
    const set = field(field(job.result, 'receipt'), 'id');
    if (job.kind === 'features.historical' && typeof set === 'string')
      return `/features/~training-sets/${set}`;
    if (job.kind === 'devices.verify') return '/devices';
    if (job.kind === 'demo.run') {
      const model = field(job.result, 'model');
      const modelName = field(model, 'name');
      const version = field(model, 'version');
      if (typeof modelName === 'string') return `/models/${modelName}/${String(version)}`;
    }
    if (job.subject !== null) return job.subject;
  }
  return `/jobs/${job.id}`;
}

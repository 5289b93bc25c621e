import type {
  Dataset,
  DriftCheckSummary,
  FeatureViewInfo,
  Job,
  Model,
  Run,
} from '../../../shared/contract/types.ts';

export type StationId = 'data' | 'features' | 'runs' | 'models' | 'drift';

export interface Station {
  readonly id: StationId;
  readonly count: number;
  /** When it last changed; null when it never did. */
  readonly freshAt: string | null;
  /** Water has come this far. */
  readonly reached: boolean;
  /** A job is at work here. */
  readonly working: boolean;
}

export interface FlowFacts {
  readonly datasets: readonly Dataset[];
  readonly views: readonly FeatureViewInfo[];
  readonly runs: readonly Run[];
  readonly models: readonly Model[];
  readonly checks: readonly DriftCheckSummary[];
  readonly jobs: readonly Job[];
}

const WORK: Readonly<Record<string, StationId>> = {
  'data.import': 'data',
  'data.export': 'data',
  'features.historical': 'features',
  'features.check': 'features',
  'features.verify': 'features',
  'features.materialize': 'features',
  'features.push-file': 'features',
  'training.run': 'runs',
  'runs.export': 'runs',
  'runs.import': 'runs',
  'models.predict': 'models',
  'models.explain': 'models',
  'models.export': 'models',
  'models.verify': 'models',
  'drift.check': 'drift',
};

/** The demo walks through all stations; its step says where it is. */
const DEMO_STEPS: Readonly<Record<string, StationId>> = {
  import: 'data',
  join: 'features',
  train: 'runs',
  challenger: 'runs',
  score: 'models',
  drift: 'drift',
  report: 'drift',
};

const stationOfJob = (job: Job): StationId | undefined =>
  job.kind === 'demo.run' ? DEMO_STEPS[job.progress?.step ?? 'import'] : WORK[job.kind];

const newest = (instants: readonly string[]): string | null =>
  instants.reduce<string | null>(
    (latest, instant) => (latest === null || instant > latest ? instant : latest),
    null,
  );

/** From data on the way in to decisions on the way out: what there is, how fresh, where work goes on. */
export function flowOf(facts: FlowFacts): readonly Station[] {
  const { datasets, views, runs, models, checks, jobs } = facts;
  const busy = new Set(jobs.filter(({ state }) => state === 'running').map(stationOfJob));
  const station = (id: StationId, instants: readonly string[]): Station => ({
    id,
    count: instants.length,
    freshAt: newest(instants),
    reached: instants.length > 0,
    working: busy.has(id),
  });
  return [
    station(
      'data',
      datasets.map(({ importedAt }) => importedAt),
    ),
    station(
      'features',
      views.map(({ appliedAt }) => appliedAt),
    ),
    station(
      'runs',
      runs.map(({ startedAt }) => startedAt),
    ),
    station(
      'models',
      models.map(({ updatedAt }) => updatedAt),
    ),
    station(
      'drift',
      checks.map(({ checkedAt }) => checkedAt),
    ),
  ];
}

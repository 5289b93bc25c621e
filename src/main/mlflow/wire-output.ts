import type { ClientRun, KeptExperiment, LoggedModel, StoredPoint } from '../../core/tracking/index.ts';

/** JSON has no NaN and no infinities; protobuf's JSON writes them as texts. */
export const wireNumber = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value);

export const pairs = (record: Readonly<Record<string, string>>): { key: string; value: string }[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));

export const wireMetric = (metric: string, { value, at, step }: StoredPoint) => ({
  key: metric,
  value: wireNumber(value),
  timestamp: at,
  step,
});

/** Where the artifacts of an experiment lie: behind this server's proxy unless the experiment says otherwise. */
const artifactRoot = (experimentId: string, location: string | null): string =>
  location ?? `mlflow-artifacts:/${experimentId}`;

export const wireExperiment = (experiment: KeptExperiment) => ({
  experiment_id: experiment.id,
  name: experiment.name,
  artifact_location: artifactRoot(experiment.id, experiment.artifactLocation),
  lifecycle_stage: experiment.lifecycle,
  creation_time: experiment.createdAt,
  last_update_time: experiment.updatedAt,
  tags: pairs(experiment.tags),
});

export const wireRunInfo = (run: ClientRun) => ({
  run_id: run.id,
  run_uuid: run.id,
  run_name: run.name,
  experiment_id: run.experimentId,
  user_id: run.userId,
  status: run.status.toUpperCase(),
  start_time: run.startedAt,
  ...(run.endedAt === null ? {} : { end_time: run.endedAt }),
  artifact_uri: `${artifactRoot(run.experimentId, run.artifactLocation)}/${run.id}/artifacts`,
  lifecycle_stage: run.lifecycle,
});

export const wireRun = (run: ClientRun) => ({
  info: wireRunInfo(run),
  data: {
    metrics: run.metrics.map((metric) => wireMetric(metric.metric, metric)),
    params: pairs(run.params),
    tags: pairs(run.tags),
  },
  inputs: {
    dataset_inputs: run.inputs.map(({ dataset, tags }) => ({ dataset, tags: pairs(tags) })),
    model_inputs: run.models
      .filter((model) => model.direction === 'input')
      .map((model) => ({ model_id: model.modelId })),
  },
  outputs: {
    model_outputs: run.models
      .filter((model) => model.direction === 'output')
      .map((model) => ({ model_id: model.modelId, step: model.step })),
  },
});

export const wireLoggedModel = (model: LoggedModel) => ({
  info: {
    model_id: model.id,
    experiment_id: model.experimentId,
    name: model.name,
    creation_timestamp_ms: model.createdAt,
    last_updated_timestamp_ms: model.updatedAt,
    artifact_uri: loggedModelUri(model),
    status: model.status,
    model_type: model.modelType,
    ...(model.runId === null ? {} : { source_run_id: model.runId }),
    tags: pairs(model.tags),
    registrations: [],
  },
  data: {
    params: pairs(model.params),
    metrics: model.metrics.map((metric) => ({
      ...wireMetric(metric.metric, metric),
      model_id: model.id,
      run_id: metric.runId,
      ...(metric.datasetName === ''
        ? {}
        : { dataset_name: metric.datasetName, dataset_digest: metric.datasetDigest }),
    })),
  },
});

export const loggedModelUri = (model: LoggedModel): string =>
  `${artifactRoot(model.experimentId, model.artifactLocation)}/models/${model.id}/artifacts`;

/** `next_page_token` is absent on the last page. */
export const wirePage = (nextPageToken: string | null): { next_page_token?: string } =>
  nextPageToken === null ? {} : { next_page_token: nextPageToken };

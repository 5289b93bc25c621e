import { z } from 'zod';
import type { RunStatus } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Call, call } from './call.ts';
import {
  int64,
  key,
  list,
  maxResults,
  metricValue,
  pair,
  recordOf,
  runId,
  runIdOf,
  text,
  viewType,
} from './wire-input.ts';
import { wireMetric, wirePage, wireRun, wireRunInfo } from './wire-output.ts';

const metric = z.object({
  key,
  value: metricValue,
  timestamp: int64.default(0),
  step: int64.default(0),
  model_id: text.optional(),
  dataset_name: text.optional(),
  dataset_digest: text.optional(),
});

const sample = (input: z.output<typeof metric>) => ({
  metric: input.key,
  value: input.value,
  at: input.timestamp,
  step: input.step,
  modelId: input.model_id || undefined,
  datasetName: input.dataset_name,
  datasetDigest: input.dataset_digest,
});

const status = z
  .enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'])
  .transform((name) => name.toLowerCase() as RunStatus);

const BATCH_ITEMS = 1000;
const BATCH_PAIRS = 100;

const batch = z.object({
  ...runId,
  metrics: list(metric),
  params: list(pair),
  tags: list(pair),
});

const datasetInput = z.object({
  tags: list(pair),
  dataset: z.object({
    name: text.max(500),
    digest: text.max(36),
    source_type: text,
    source: text,
    schema: text.optional(),
    profile: text.optional(),
  }),
});

export const runCalls: readonly Call[] = [
  call(
    'POST runs/create',
    z.object({
      experiment_id: text.default('0'),
      user_id: text.optional(),
      start_time: int64.optional(),
      run_name: text.optional(),
      tags: list(pair),
    }),
    ({ tracking }, input) => ({
      run: wireRun(
        tracking.clients.create({
          experimentId: input.experiment_id,
          name: input.run_name,
          userId: input.user_id,
          startedAt: input.start_time,
          tags: recordOf(input.tags, 'tags'),
        }),
      ),
    }),
  ),
  call('GET runs/get', z.object(runId), ({ tracking }, input) => ({
    run: wireRun(tracking.clients.get(runIdOf(input))),
  })),
  call(
    'POST runs/update',
    z.object({
      ...runId,
      status: status.optional(),
      end_time: int64.optional(),
      run_name: text.optional(),
    }),
    ({ tracking }, input) => ({
      run_info: wireRunInfo(
        tracking.clients.update({
          id: runIdOf(input),
          status: input.status,
          endedAt: input.end_time,
          name: input.run_name,
        }),
      ),
    }),
  ),
  call('POST runs/delete', z.object(runId), ({ tracking }, input) => {
    tracking.clients.setLifecycle(runIdOf(input), 'deleted');
    return {};
  }),
  call('POST runs/restore', z.object(runId), ({ tracking }, input) => {
    tracking.clients.setLifecycle(runIdOf(input), 'active');
    return {};
  }),
  call('POST runs/log-metric', metric.extend(runId), ({ tracking }, input) => {
    tracking.clients.logBatch(runIdOf(input), { metrics: [sample(input)] });
    return {};
  }),
  call('POST runs/log-parameter', pair.extend(runId), ({ tracking }, input) => {
    tracking.clients.logBatch(runIdOf(input), { params: { [input.key]: input.value } });
    return {};
  }),
  call('POST runs/log-batch', batch, ({ tracking }, input) => {
    const { metrics, params, tags } = input;
    if (params.length > BATCH_PAIRS || tags.length > BATCH_PAIRS)
      throw new FalajError(
        'BAD_INPUT',
        `A batch holds at most ${BATCH_PAIRS} params and ${BATCH_PAIRS} tags, not ${params.length} and ${tags.length}.`,
      );
    if (metrics.length + params.length + tags.length > BATCH_ITEMS)
      throw new FalajError(
        'BAD_INPUT',
        `A batch holds at most ${BATCH_ITEMS} metrics, params and tags in all.`,
      );
    tracking.clients.logBatch(runIdOf(input), {
      metrics: metrics.map(sample),
      params: recordOf(params, 'params'),
      tags: Object.fromEntries(tags.map((pair) => [pair.key, pair.value])),
    });
    return {};
  }),
  call('POST runs/set-tag', pair.extend(runId), ({ tracking }, input) => {
    tracking.clients.logBatch(runIdOf(input), { tags: { [input.key]: input.value } });
    return {};
  }),
  call('POST runs/delete-tag', z.object({ ...runId, key }), ({ tracking }, input) => {
    tracking.clients.deleteTag(runIdOf(input), input.key);
    return {};
  }),
  call(
    'POST runs/search',
    z.object({
      experiment_ids: list(text),
      filter: text.optional(),
      run_view_type: viewType,
      max_results: maxResults(1000),
      order_by: list(text),
      page_token: text.optional(),
    }),
    ({ tracking }, input) => {
      const page = tracking.clients.search({
        experimentIds: input.experiment_ids,
        filter: input.filter,
        view: input.run_view_type,
        limit: input.max_results,
        orderBy: input.order_by,
        pageToken: input.page_token,
      });
      return { runs: page.items.map(wireRun), ...wirePage(page.nextPageToken) };
    },
  ),
  call(
    'GET metrics/get-history',
    z.object({ ...runId, metric_key: text, max_results: maxResults(25_000), page_token: text.optional() }),
    ({ tracking }, input) => {
      const page = tracking.clients.history({
        id: runIdOf(input),
        metric: input.metric_key,
        limit: input.max_results,
        pageToken: input.page_token,
      });
      return {
        metrics: page.items.map((point) => wireMetric(input.metric_key, point)),
        ...wirePage(page.nextPageToken),
      };
    },
  ),
  call(
    'POST runs/log-inputs',
    z.object({ ...runId, datasets: list(datasetInput), models: list(z.object({ model_id: text })) }),
    ({ tracking }, input) => {
      const id = runIdOf(input);
      const logged = new Set(tracking.clients.inputs(id).map(({ dataset }) => sameDataset(dataset)));
      // As MLflow keeps it: what a dataset was first logged for is not written over when it is logged again.
      const fresh = input.datasets.filter(({ dataset }) => {
        const key = sameDataset(dataset);
        return !logged.has(key) && logged.add(key);
      });
      tracking.clients.logInputs(
        id,
        fresh.map(({ dataset, tags }) => ({ dataset, tags: recordOf(tags, 'tags') })),
      );
      tracking.clients.logModels(
        id,
        input.models.map((model) => ({ modelId: model.model_id, direction: 'input', step: 0 })),
      );
      return {};
    },
  ),
  call(
    'POST runs/outputs',
    z.object({ ...runId, models: list(z.object({ model_id: text, step: int64.default(0) })) }),
    ({ tracking }, input) => {
      tracking.clients.logModels(
        runIdOf(input),
        input.models.map((model) => ({ modelId: model.model_id, direction: 'output', step: model.step })),
      );
      return {};
    },
  ),
  call('POST runs/log-model', z.object({ ...runId, model_json: text }), ({ tracking }, input) => {
    const id = runIdOf(input);
    const before = tracking.clients.get(id).tags[MODEL_HISTORY_TAG];
    const models = [...(before === undefined ? [] : parseList(before)), parseJson(input.model_json)];
    tracking.clients.logBatch(id, { tags: { [MODEL_HISTORY_TAG]: JSON.stringify(models) } });
    return {};
  }),
  call('GET artifacts/list', z.object({ ...runId, path: text.default('') }), ({ tracking }, input) => {
    const run = tracking.clients.get(runIdOf(input));
    return {
      root_uri: wireRunInfo(run).artifact_uri,
      files: tracking.files
        .list({ kind: 'run', id: run.id }, input.path)
        .map(({ path, isFolder, sizeBytes }) => ({
          path,
          is_dir: isFolder,
          ...(isFolder ? {} : { file_size: sizeBytes }),
        })),
    };
  }),
];

const sameDataset = ({ name, digest }: { readonly name: string; readonly digest: string }): string =>
  JSON.stringify([name, digest]);

/** The tag in which clients of MLflow 2 find a run's models. */
const MODEL_HISTORY_TAG = 'mlflow.log-model.history';

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new FalajError('BAD_INPUT', 'model_json: this is not JSON.', { cause: error });
  }
}

const parseList = (json: string): unknown[] => z.array(z.unknown()).parse(parseJson(json));

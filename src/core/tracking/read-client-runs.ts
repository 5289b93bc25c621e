import { z } from 'zod';
import type { RunStatus } from '../../shared/contract/types.ts';
import type { Store } from '../store/index.ts';
import { type ClientRun, type DatasetInput, RUN_NAME_TAG, type RunModel } from './client-run.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { MetricSeries } from './metrics/metric-series.ts';

export interface ClientRunRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly name: string;
  readonly user_id: string;
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly artifact_location: string | null;
}

export const SELECT_CLIENT_RUN = `
  SELECT r.id, r.experiment_id, r.name, r.user_id, r.status, r.lifecycle, r.started_at, r.ended_at, e.artifact_location
  FROM tracking_run AS r JOIN tracking_experiment AS e ON e.id = r.experiment_id`;

const inputDataset = z.object({
  name: z.string(),
  digest: z.string(),
  source_type: z.string(),
  source: z.string(),
  schema: z.string().optional(),
  profile: z.string().optional(),
});
const stringMap = z.record(z.string(), z.string());

interface Pair {
  readonly run_id: string;
  readonly key: string;
  readonly value: string;
}

/** What belongs to a page of runs: one query each for metrics, params, tags, inputs and models. */
export function readClientRuns(
  store: Store,
  series: MetricSeries,
  rows: readonly ClientRunRow[],
): ClientRun[] {
  if (rows.length === 0) return [];
  const ids = JSON.stringify(rows.map((row) => row.id));
  const ofRuns = `WHERE run_id IN (SELECT value FROM json_each(?))`;
  const byRun = <Row extends { readonly run_id: string }>(sql: string): Map<string, Row[]> =>
    Map.groupBy(store.statement<Row>(sql).all(ids), (row) => row.run_id);
  const params = byRun<Pair>(`SELECT run_id, key, value FROM tracking_param ${ofRuns} ORDER BY run_id, key`);
  const tags = byRun<Pair>(`SELECT run_id, key, value FROM tracking_tag ${ofRuns} ORDER BY run_id, key`);
  const inputs = readInputs(store, ids);
  const models = byRun<{ run_id: string; direction: RunModel['direction']; model_id: string; step: number }>(
    `SELECT run_id, direction, model_id, step FROM tracking_run_model ${ofRuns} ORDER BY run_id, step, model_id`,
  );
  const metrics = Map.groupBy(series.latest(ids), (row) => row.run_id);
  return rows.map((row) =>
    clientRun(row, {
      metrics: metrics.get(row.id) ?? [],
      params: recordOf(params.get(row.id)),
      tags: recordOf(tags.get(row.id)),
      inputs: inputs.get(row.id) ?? [],
      models: (models.get(row.id) ?? []).map(({ model_id, direction, step }) => ({
        modelId: model_id,
        direction,
        step,
      })),
    }),
  );
}

/** A run of its row and what belongs to it. */
export const clientRun = (
  row: ClientRunRow,
  { tags, ...rest }: Pick<ClientRun, 'metrics' | 'params' | 'tags' | 'inputs' | 'models'>,
): ClientRun => ({
  id: row.id,
  experimentId: row.experiment_id,
  name: row.name,
  userId: row.user_id,
  status: row.status,
  lifecycle: row.lifecycle,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  artifactLocation: row.artifact_location,
  tags: { ...tags, [RUN_NAME_TAG]: row.name },
  ...rest,
});

/** The inputs of runs, whose ids are a JSON list. */
export function readInputs(store: Store, ids: string): Map<string, DatasetInput[]> {
  const rows = store
    .statement<{ run_id: string; dataset: string; tags: string }>(
      `SELECT run_id, dataset, tags FROM tracking_input WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, name, digest`,
    )
    .all(ids);
  const inputOf = (row: (typeof rows)[number]): DatasetInput => ({
    dataset: inputDataset.parse(JSON.parse(row.dataset)),
    tags: stringMap.parse(JSON.parse(row.tags)),
  });
  const byRun = Map.groupBy(rows, (row) => row.run_id);
  return new Map([...byRun].map(([id, own]) => [id, own.map(inputOf)]));
}

const recordOf = (pairs: readonly Pair[] | undefined): Record<string, string> =>
  Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]));

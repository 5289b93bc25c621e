import type { Run } from '../../shared/contract/types.ts';
import type { Store } from '../store/index.ts';
import type { MetricSeries } from './metrics/metric-series.ts';
import { dataListSchema, modelLinkSchema, type RunRow } from './run-row.ts';

export const SELECT_RUN = `
  SELECT r.id, e.name AS experiment, r.name, r.status, r.started_at, r.ended_at, r.data, r.model, r.evaluation, r.writer
  FROM tracking_run r JOIN tracking_experiment e ON e.id = r.experiment_id`;

interface Pair {
  readonly run_id: string;
  readonly key: string;
  readonly value: string;
}

const iso = (millis: number): string => new Date(millis).toISOString();

const recordOf = (pairs: readonly Pair[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

/** Five queries for a page of runs, however many they are. */
export function readRuns(store: Store, series: MetricSeries, rows: readonly RunRow[]): Run[] {
  const ids = JSON.stringify(rows.map((row) => row.id));
  const pairs = (table: 'tracking_param' | 'tracking_tag'): Map<string, Pair[]> =>
    Map.groupBy(
      store
        .statement<Pair>(
          `SELECT run_id, key, value FROM ${table} WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, key`,
        )
        .all(ids),
      (row) => row.run_id,
    );
  const params = pairs('tracking_param');
  const tags = pairs('tracking_tag');
  const metrics = Map.groupBy(series.latest(ids), (row) => row.run_id);
  const artifacts = Map.groupBy(
    store
      .statement<{ run_id: string; path: string; size_bytes: number; digest: string }>(
        `SELECT run_id, path, size_bytes, digest FROM tracking_artifact WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, path`,
      )
      .all(ids),
    (row) => row.run_id,
  );
  return rows.map((row) => ({
    id: row.id,
    experiment: row.experiment,
    name: row.name,
    status: row.status,
    startedAt: iso(row.started_at),
    endedAt: row.ended_at === null ? null : iso(row.ended_at),
    params: recordOf(params.get(row.id)),
    // JSON has no NaN and no infinities: those are told to tracking clients only.
    metrics: Object.fromEntries(
      (metrics.get(row.id) ?? [])
        .filter(({ value }) => Number.isFinite(value))
        .map(({ metric, value }) => [metric, value]),
    ),
    tags: recordOf(tags.get(row.id)),
    artifacts: (artifacts.get(row.id) ?? []).map(({ path, size_bytes, digest }) => ({
      path,
      sizeBytes: size_bytes,
      digest,
    })),
    data: dataListSchema.parse(JSON.parse(row.data)),
    model: row.model === null ? null : modelLinkSchema.parse(JSON.parse(row.model)),
  }));
}

import type { z } from 'zod';
import type { MetricSample } from '../metrics/metric-series.ts';
import type { RunSource, SourceRun } from './import-runs.ts';
import {
  artifactsPage,
  askMlflow,
  experimentsPage,
  historyPage,
  type MlflowServer,
  mlflowArtifact,
  runsPage,
  type serverRun,
} from './mlflow-api.ts';

const PAGE = 1000;
const HISTORY_PAGE = 25_000;

/** The experiments and runs of a running server of MLflow, deleted ones too. */
export const mlflowServerSource = (server: MlflowServer): RunSource =>
  async function* ({ signal }) {
    const experiments = await allOf('experiments', (token) =>
      askMlflow(server, 'experiments/search', experimentsPage, {
        signal,
        body: { max_results: PAGE, view_type: 'ALL', ...token },
      }),
    );
    for (const [index, { experiment_id, name }] of experiments.entries()) {
      for (let token: object | null = {}; token !== null; ) {
        const found: z.output<typeof runsPage> = await askMlflow(server, 'runs/search', runsPage, {
          signal,
          body: { experiment_ids: [experiment_id], max_results: PAGE, run_view_type: 'ALL', ...token },
        });
        for (const run of found.runs)
          yield sourceRun(server, signal, run, { experiment: name, fraction: index / experiments.length });
        token = found.next_page_token ? { page_token: found.next_page_token } : null;
      }
    }
  };

function sourceRun(
  server: MlflowServer,
  signal: AbortSignal,
  { info, data }: z.output<typeof serverRun>,
  place: Pick<SourceRun, 'experiment' | 'fraction'>,
): SourceRun {
  const { run_id: id } = info;
  return {
    ...place,
    id,
    name: info.run_name,
    userId: info.user_id,
    status: info.status,
    startedAt: info.start_time,
    endedAt: info.end_time || undefined,
    isDeleted: info.lifecycle_stage === 'deleted',
    // What still goes on there is taken anew the next time.
    content: info.status === 'running' ? `running ${Date.now()}` : info.status,
    params: async () => Object.fromEntries(data.params.map(({ key, value }) => [key, value])),
    tags: async () => Object.fromEntries(data.tags.map(({ key, value }) => [key, value])),
    points: async function* () {
      for (const { key } of data.metrics) yield* pointsOf(server, signal, id, key);
    },
    artifacts: () => artifactsOf(server, signal, { id, artifactUri: info.artifact_uri }, ''),
  };
}

async function* pointsOf(
  server: MlflowServer,
  signal: AbortSignal,
  id: string,
  metric: string,
): AsyncGenerator<MetricSample> {
  for (let token: Record<string, string> | null = {}; token !== null; ) {
    const found: z.output<typeof historyPage> = await askMlflow(server, 'metrics/get-history', historyPage, {
      signal,
      query: { run_id: id, metric_key: metric, max_results: String(HISTORY_PAGE), ...token },
    });
    for (const { timestamp, ...point } of found.metrics) yield { metric, at: timestamp, ...point };
    token = found.next_page_token ? { page_token: found.next_page_token } : null;
  }
}

async function* artifactsOf(
  server: MlflowServer,
  signal: AbortSignal,
  run: { readonly id: string; readonly artifactUri: string },
  below: string,
): AsyncGenerator<{ path: string; content: Awaited<ReturnType<typeof mlflowArtifact>> }> {
  const files = await allOf('files', (token) =>
    askMlflow(server, 'artifacts/list', artifactsPage, {
      signal,
      query: { run_id: run.id, ...(below === '' ? {} : { path: below }), ...token },
    }),
  );
  for (const { path, is_dir: isFolder } of files) {
    if (isFolder) yield* artifactsOf(server, signal, run, path);
    else yield { path, content: await mlflowArtifact(server, run, path, signal) };
  }
}

/** All pages of an answer, one after the other. */
async function allOf<Key extends string, Item>(
  key: Key,
  ask: (
    token: Record<string, string>,
  ) => Promise<
    { readonly next_page_token?: string | undefined } & { readonly [name in Key]: readonly Item[] }
  >,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let token: Record<string, string> | null = {}; token !== null; ) {
    const found = await ask(token);
    items.push(...found[key]);
    token = found.next_page_token ? { page_token: found.next_page_token } : null;
  }
  return items;
}

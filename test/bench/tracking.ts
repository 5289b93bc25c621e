// Logging over MLflow's REST interface, to the workstation and to `mlflow server --workers 1` in turn, each by one client on
// one kept connection; and searches over many runs in process.   node test/bench/tracking.ts
import http from 'node:http';
import { TrackingRoom, trackingMigrations } from '../../src/core/tracking/index.ts';
import { Product, until } from '../faults/engine-support/product.ts';
import { INSTALLED_CLI } from '../faults/engine-support/programs.ts';
import { openParts } from '../fixtures/engine-parts.ts';
import { MLFLOW_VERSION, startMlflow, type TrackingServer } from './support/mlflow-peer.ts';
import { treeMemoryMB } from './support/process-memory.ts';
import { brief, type Figure, quantile, reportFigures } from './support/report-figures.ts';

const ROUNDS = brief ? 1 : 3;
/** Until both servers are as fast as they stay: compilers take some hundred calls. */
const WARMING_ROUNDS = brief ? 1 : 3;
const CALLS = brief ? 20 : 200;
const BATCHES = brief ? 3 : 10;
const BATCH_POINTS = 1000;
const SEARCHED_RUNS = brief ? 2_000 : 100_000;

async function startFalaj(): Promise<TrackingServer> {
  const product = new Product(INSTALLED_CLI);
  await product.succeed(['init', '--name', 'Bench', '--quiet']);
  let said = '';
  const started = performance.now();
  const { child } = product.start(['up', '--port', '0', '--json']);
  child.stdout!.on('data', (text: string) => (said += text));
  await until(() => said.trimEnd().endsWith('}'));
  const readyMs = performance.now() - started;
  const { url, pid } = JSON.parse(said) as { url: string; pid: number };
  const memoryMB = treeMemoryMB(child.pid!);
  const engineMB = pid === child.pid ? 0 : treeMemoryMB(pid);
  const created = JSON.parse(await product.succeed(['token', 'create', '--scope', 'mlflow', '--json'])) as {
    token: string;
  };
  return {
    url,
    authorization: `Bearer ${created.token}`,
    readyMs,
    memoryMB: memoryMB === null || engineMB === null ? null : memoryMB + engineMB,
    close: async () => {
      await product.close();
    },
  };
}

type Post = (call: string, body: object) => Promise<{ run?: { info: { run_id: string } }; runs?: unknown[] }>;

/** Both servers are asked by the same code over one connection. */
function client({ url, authorization }: TrackingServer): Post {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return (call, body) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const request = http.request(
        `${url}/api/2.0/mlflow/${call}`,
        {
          agent,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
            ...(authorization === null ? {} : { authorization }),
          },
        },
        (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (part: string) => (answer += part));
          response.on('end', () => {
            if (response.statusCode === 200) resolve(JSON.parse(answer));
            else reject(new Error(`${call}: ${response.statusCode} ${answer}`));
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
}

interface Rates {
  readonly metric: number[];
  readonly batch: number[];
  readonly create: number[];
  readonly search: number[];
}

/** Calls a second. */
async function rate(calls: number, call: (number: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let number = 0; number < calls; number++) await call(number);
  return (1000 * calls) / (performance.now() - started);
}

async function round(post: Post, rates: Rates): Promise<void> {
  const create = (): ReturnType<Post> =>
    post('runs/create', { experiment_id: '0', user_id: 'bench', start_time: Date.now(), tags: [] });
  const run_id = (await create()).run!.info.run_id;
  const metric = (step: number) => ({
    key: 'loss',
    value: 1 / (step + 1),
    timestamp: 1_700_000_000_000 + step,
    step,
  });
  rates.metric.push(await rate(CALLS, (step) => post('runs/log-metric', { run_id, ...metric(step) })));
  rates.batch.push(
    await rate(BATCHES, (number) =>
      post('runs/log-batch', {
        run_id,
        metrics: Array.from({ length: BATCH_POINTS }, (_, index) => ({
          ...metric(number * BATCH_POINTS + index),
          key: `curve${index % 10}`,
        })),
      }),
    ),
  );
  rates.create.push(await rate(CALLS, create));
  const wanted = { experiment_ids: ['0'], filter: 'metrics.loss > 0', max_results: 100 };
  rates.search.push(await rate(Math.ceil(CALLS / 10), () => post('runs/search', wanted)));
}

/** Milliseconds of searches over many runs, those without and with conditions. */
async function searchTimesMs(): Promise<number[]> {
  const parts = await openParts([trackingMigrations]);
  try {
    const room = new TrackingRoom(parts);
    parts.store.transaction(() => {
      for (let number = 0; number < SEARCHED_RUNS; number++) {
        const { id } = room.clients.create({ experimentId: '0', name: `run ${number}` });
        room.clients.logBatch(id, {
          params: { lr: String(number % 10), seed: String(number) },
          metrics: [{ metric: 'auc', step: 1, at: number, value: ((number * 7919) % 10_000) / 10_000 }],
        });
      }
    });
    const searches: { filter: string; orderBy?: string[] }[] = [
      { filter: '' },
      { filter: '', orderBy: ['metrics.auc DESC'] },
      { filter: "params.lr = '3'", orderBy: ['metrics.auc DESC'] },
      { filter: 'metrics.auc > 0.99' },
      { filter: "metrics.auc > 0.5 AND params.lr = '3'" },
      { filter: `params.seed = '${SEARCHED_RUNS - 7}'` },
      { filter: "attributes.run_name LIKE 'run 77%'" },
    ];
    const times: number[] = [];
    for (let pass = 0; pass < (brief ? 1 : 10); pass++)
      for (const search of searches) {
        const started = performance.now();
        room.clients.search({ experimentIds: ['0'], ...search, limit: 100 });
        times.push(performance.now() - started);
      }
    return times;
  } finally {
    parts.close();
  }
}

const none = (): Rates => ({ metric: [], batch: [], create: [], search: [] });
const [ours, theirs] = [none(), none()];
const falaj = await startFalaj();
const mlflow = await startMlflow();
try {
  const [post, postTheirs] = [client(falaj), client(mlflow)];
  for (const warmed of [postTheirs, post])
    for (let number = 0; number < WARMING_ROUNDS; number++) await round(warmed, none());
  for (let number = 0; number < ROUNDS; number++) {
    await round(postTheirs, theirs);
    await round(post, ours);
  }
} finally {
  await falaj.close();
  await mlflow.close();
}
const searches = await searchTimesMs();
const beside = (measure: string, name: keyof Rates, atLeast?: number): Figure => ({
  measure: `${measure}, calls a second against MLflow`,
  value: quantile(ours[name]) / quantile(theirs[name]),
  unit: '×',
  ...(atLeast === undefined ? {} : { atLeast }),
  note: `${quantile(ours[name]).toFixed(0)}/s against ${quantile(theirs[name]).toFixed(1)}/s of mlflow ${MLFLOW_VERSION} server --workers 1, SQLite; one client, one connection, after ${WARMING_ROUNDS * CALLS} calls`,
});
reportFigures([
  beside('log_metric', 'metric', 10),
  beside('log_batch of 1000 points', 'batch', 10),
  beside('create_run', 'create', 10),
  beside('search of 100 runs', 'search'),
  {
    measure: 'Server ready, time of MLflow against ours',
    value: mlflow.readyMs / falaj.readyMs,
    unit: '×',
    note: `${Math.round(falaj.readyMs)} ms, unlocked, against ${Math.round(mlflow.readyMs)} ms`,
  },
  { measure: 'Server ready, from the start of its process', value: falaj.readyMs, unit: 'ms', atMost: 1000 },
  ...(falaj.memoryMB === null || mlflow.memoryMB === null
    ? []
    : [
        {
          measure: 'Memory of the ready server with all its processes (PSS)',
          value: falaj.memoryMB,
          unit: 'MB',
          atMost: 150,
          note: `mlflow ${Math.round(mlflow.memoryMB)} MB`,
        } satisfies Figure,
      ]),
  {
    measure: `Search over ${SEARCHED_RUNS} runs in process, p50`,
    value: quantile(searches),
    unit: 'ms',
    atMost: 50,
    note: `slowest of seven kinds ${Math.max(...searches).toFixed(0)} ms`,
  },
]);

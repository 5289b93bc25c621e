// The online store in process: reads of one and of many entities, pushes in small batches, materialization of a dataset.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DataRoom, dataMigrations, writeTableFile } from '../../src/core/data/index.ts';
import { FeatureRoom, featuresMigrations } from '../../src/core/features/index.ts';
import { OnlineRoom, onlineMigrations, PushLog } from '../../src/core/online/index.ts';
import type { Column } from '../../src/shared/table/column.ts';
import { openSample } from '../faults/sample-workspace.ts';
import { type FeastAnswer, feast } from './support/feast-peer.ts';
import { brief, type Figure, quantile, reportFigures } from './support/report-figures.ts';

const READS = brief ? 200 : 3_000;
const ENTITIES = brief ? 200 : 5_000;
const PUSHED_ROWS = brief ? 2_000 : 40_000;
const HISTORY_ROWS = brief ? 50_000 : 1_000_000;
const BATCH = 100;
const NOW_MS = Date.UTC(2026, 0, 1);

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `f${index}`);
const view = (name: string, source: string, features: readonly string[]): string => `---
kind: FeatureView
name: ${name}
entities: [thing]
source: ${source}
features: [${features.map((feature) => `{name: ${feature}}`).join(', ')}]
`;
const DEFINITIONS = [
  'kind: Entity\nname: thing\nkeys: [{name: thing, type: int64}]\n',
  view('wide', '{push: true}', named(250)),
  view('narrow', '{push: true}', named(50)),
  view('small', '{push: true}', named(5)),
  view('history', '{dataset: history, eventTime: at}', named(5)),
].join('');

const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-features-online-'));
const sample = openSample(folder, dataMigrations, featuresMigrations, onlineMigrations);
const shared = { ...sample, notify: () => undefined, clock: () => NOW_MS };
const log = new PushLog(sample.store, sample.blobs);
const data = new DataRoom(shared);
const features = new FeatureRoom({ ...shared, data, pushed: log });
const online = new OnlineRoom({ ...shared, data, features, log });
const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };

const row = (number: number, columns: readonly string[]): Record<string, string | number> => ({
  thing: (number * 7919) % ENTITIES,
  event_time: new Date(NOW_MS - number * 10).toISOString(),
  ...Object.fromEntries(columns.map((column, index) => [column, number + index / 7])),
});

/** Pushes so many rows in batches; gives rows a second. */
async function push(name: string, columns: readonly string[], rows: number): Promise<number> {
  const batches = Array.from({ length: Math.ceil(rows / BATCH) }, (_, batch) =>
    Array.from({ length: BATCH }, (_row, index) => row(batch * BATCH + index, columns)),
  );
  const startedMs = performance.now();
  for (const batch of batches) await online.push({ view: name, rows: batch });
  return (batches.length * BATCH * 1000) / (performance.now() - startedMs);
}

/** Milliseconds of each read; the first ones only warm up. */
async function readTimesMs(name: string, keys: number): Promise<number[]> {
  const times: number[] = [];
  for (let read = -100; read < READS; read++) {
    const asked = Array.from({ length: keys }, (_, key) => ({ thing: ((read + 100 + key) * 31) % ENTITIES }));
    const startedMs = performance.now();
    await online.online({ features: [`${name}:*`], keys: asked });
    if (read >= 0) times.push(performance.now() - startedMs);
  }
  return times;
}

async function importHistory(): Promise<void> {
  const numbers = (
    name: string,
    type: 'int64' | 'timestamp' | 'float64',
    value: (row: number) => number,
  ): Column => ({
    name,
    type,
    validity: null,
    values: Float64Array.from({ length: HISTORY_ROWS }, (_, at) => value(at)),
  });
  const file = path.join(folder, 'history.parquet');
  const columns = [
    numbers('thing', 'int64', (at) => (at * 7919) % (HISTORY_ROWS / 10)),
    numbers('at', 'timestamp', (at) => (NOW_MS - HISTORY_ROWS + at) * 1000),
    ...named(5).map((name, index) => numbers(name, 'float64', (at) => at + index / 7)),
  ];
  await writeTableFile({ rows: HISTORY_ROWS, columns }, file, 'parquet');
  const described = { eventTime: 'at', labels: [], purposes: [], every: 1, derive: [] };
  await data.import(context, { name: 'history', files: [file], ...described });
}

/** Rows a second. */
async function materialize(): Promise<number> {
  const startedMs = performance.now();
  await online.materialize(context, { view: 'history' });
  return (HISTORY_ROWS * 1000) / (performance.now() - startedMs);
}

try {
  await importHistory();
  features.apply({ documents: [{ file: 'bench.yaml', text: DEFINITIONS }], prune: false });
  await push('wide', named(250), ENTITIES);
  await push('narrow', named(50), ENTITIES);
  const one = await readTimesMs('wide', 1);
  const many = await readTimesMs('narrow', 100);
  const pushed = await push('small', named(5), PUSHED_ROWS);
  const materialized = await materialize();
  const feastReads = (count: number, keys: number): FeastAnswer =>
    feast('online', ENTITIES, count, brief ? 20 : 300, keys);
  const [feastOne, feastMany] = [feastReads(250, 1), feastReads(50, 100)];
  const besideFeast = (ours: readonly number[], theirs: FeastAnswer): Omit<Figure, 'measure'> => ({
    value: quantile(theirs.ms) / quantile(ours),
    unit: '×',
    atLeast: 20,
    note: `Feast ${theirs.version}, SQLite: p50 ${quantile(theirs.ms).toFixed(2)} ms, p99 ${quantile(theirs.ms, 0.99).toFixed(2)} ms`,
  });
  reportFigures([
    {
      measure: 'Online read, 1 entity × 250 features, p99',
      value: quantile(one, 0.99),
      unit: 'ms',
      atMost: 1,
      note: `p50 ${quantile(one).toFixed(3)} ms`,
    },
    {
      measure: 'Online read, 100 entities × 50 features, p99',
      value: quantile(many, 0.99),
      unit: 'ms',
      atMost: 10,
      note: `p50 ${quantile(many).toFixed(3)} ms`,
    },
    { measure: 'The same read of 1 × 250 by Feast, p50 against ours', ...besideFeast(one, feastOne) },
    { measure: 'The same read of 100 × 50 by Feast, p50 against ours', ...besideFeast(many, feastMany) },
    {
      measure: 'Push in batches of 100 rows × 5 features, rows a second',
      value: pushed,
      unit: '',
      atLeast: 20_000,
    },
    {
      measure: 'Materialization, rows × 5 features a second',
      value: materialized,
      unit: '',
      atLeast: 300_000,
      note: `${HISTORY_ROWS} rows of ${HISTORY_ROWS / 10} entities`,
    },
  ]);
} finally {
  sample.close();
  rmSync(folder, { recursive: true, force: true });
}

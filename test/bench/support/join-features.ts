import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataRoom, dataMigrations } from '../../../src/core/data/index.ts';
import { FeatureRoom, featuresMigrations } from '../../../src/core/features/index.ts';
import { openParts } from '../../fixtures/engine-parts.ts';
import { brief, quantile, reportFigures } from './report-figures.ts';

/**
 * Historical features of 1,000,000 entity rows from an encrypted history of 1,000,000 rows over 100,000 entities (5 floats,
 * a time to live of 7 days), Parquet in and Parquet out, with a signed receipt, against DuckDB's ASOF join over the same rows in plain Parquet.
 * DuckDB starts a process of its own; ours starts one to read the entities. Both run in turn.
 */
const rounds = Number(process.argv[2] ?? (brief ? 1 : 5));
const rows = brief ? 50_000 : 1_000_000;
const duckdb = pathToFileURL(createRequire(import.meta.url).resolve('@duckdb/node-bindings')).href;

const parts = await openParts([dataMigrations, featuresMigrations]);
const file = (name: string): string => path.join(parts.folder, name);

/** Runs SQL in a process of its own; the milliseconds of its last statement, and of the process. */
function plain(...statements: readonly string[]): { processMs: number; queryMs: number } {
  const program = `
const { default: duckdb } = await import(process.env.DUCKDB);
const connection = await duckdb.connect(await duckdb.open(':memory:'));
let started = 0;
for (const statement of JSON.parse(process.env.STATEMENTS)) {
  started = performance.now();
  await duckdb.query(connection, statement);
}
console.log(performance.now() - started);
`;
  const started = performance.now();
  const queryMs = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { DUCKDB: duckdb, STATEMENTS: JSON.stringify(statements) },
      encoding: 'utf8',
    }),
  );
  return { processMs: performance.now() - started, queryMs };
}

const instant = (seed: number): string =>
  `TIMESTAMP '2026-01-01' + to_microseconds(CAST(hash(i * ${seed}) % ${90 * 86_400_000_000} AS BIGINT))`;
const values = Array.from({ length: 5 }, (_, n) => `(hash(i * ${101 + n}) % 1000000) / 1000.0 AS f${n}`);
plain(
  `COPY (SELECT CAST(hash(i) % ${rows / 10} AS BIGINT) AS entity, ${instant(7)} AS event_time, ${values.join(', ')}
         FROM range(${rows}) AS t(i)) TO '${file('history.parquet')}' (FORMAT parquet)`,
  `COPY (SELECT CAST(hash(i * 3) % ${rows / 10} AS BIGINT) AS entity, ${instant(11)} AS event_time, i AS label
         FROM range(${rows}) AS t(i)) TO '${file('entities.parquet')}' (FORMAT parquet)`,
);

const context = {
  id: 'bench',
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
};
const data = new DataRoom(parts);
const features = new FeatureRoom({ ...parts, data });
await data.import(context, {
  name: 'history',
  files: [file('history.parquet')],
  eventTime: 'event_time',
  labels: [],
  purposes: [],
  every: 1,
  derive: [],
});
features.apply({
  documents: [
    {
      file: 'bench.yaml',
      text: `
kind: Entity
name: entity
keys: [{name: entity, type: int64}]
---
kind: FeatureView
name: facts
entities: [entity]
source: {dataset: history}
ttl: 7d
features: [{name: f0}, {name: f1}, {name: f2}, {name: f3}, {name: f4}]
`,
    },
  ],
  prune: false,
});

const ASOF = `COPY (
  SELECT e.*, ${values.map((_, n) => `CASE WHEN h.event_time >= e.event_time - INTERVAL 7 DAY THEN h.f${n} END AS facts__f${n}`).join(', ')}
  FROM '${file('entities.parquet')}' e ASOF LEFT JOIN '${file('history.parquet')}' h
  ON e.entity = h.entity AND e.event_time >= h.event_time
) TO '${file('plain.parquet')}' (FORMAT parquet)`;

async function ours(): Promise<number> {
  const started = performance.now();
  await features.historical(context, {
    features: ['facts:*'],
    entities: file('entities.parquet'),
    eventTime: 'event_time',
    out: file('ours.parquet'),
    receipt: file('ours.receipt.json'),
    names: 'full',
  });
  return performance.now() - started;
}

await ours();
plain(ASOF);
const baseline: ReturnType<typeof plain>[] = [];
const joins: number[] = [];
for (let round = 0; round < rounds; round++) {
  baseline.push(plain(ASOF));
  joins.push(await ours());
}
const oursMs = quantile(joins);
const processMs = quantile(baseline.map((one) => one.processMs));
const queryMs = quantile(baseline.map((one) => one.queryMs));
reportFigures([
  {
    measure: 'Point-in-time join of 1M × 1M rows × 5, time against DuckDB ASOF on plain Parquet',
    value: oursMs / processMs,
    unit: '×',
    atMost: 0.8,
    note: `${Math.round(oursMs)} ms against ${Math.round(processMs)} ms; DuckDB's query alone ${Math.round(queryMs)} ms`,
  },
  {
    measure: 'Peak memory of the engine after it',
    value: process.resourceUsage().maxRSS / 1000,
    unit: 'MB',
    note: `Parquet written: ${(statSync(file('ours.parquet')).size / 1e6).toFixed(1)} MB, by DuckDB ${(statSync(file('plain.parquet')).size / 1e6).toFixed(1)} MB`,
  },
]);
rmSync(file('ours.receipt.json'), { force: true });
for (const name of ['history', 'entities', 'plain', 'ours']) rmSync(file(`${name}.parquet`), { force: true });
parts.close();

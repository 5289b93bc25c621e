import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataRoom, dataMigrations, ReaderProcesses } from '../../../src/core/data/index.ts';
import { FeatureRoom, featuresMigrations } from '../../../src/core/features/index.ts';
import { registryMigrations } from '../../../src/core/registry/index.ts';
import { openParts } from '../../fixtures/engine-parts.ts';

/**
 * Facts over a tenth as many entities and questions of the same, both at random instants of 90 days, as Parquet files; the
 * facts (5 floats, a time to live of 7 days) in an encrypted workspace as well.
 */
export interface JoinWorkload {
  readonly rows: number;
  readonly file: (name: string) => string;
  /** Runs SQL in a DuckDB process of its own; the milliseconds of its last statement, and of the process. */
  plain(...statements: readonly string[]): { processMs: number; queryMs: number };
  /** Our join, Parquet in and Parquet out with a signed receipt: milliseconds. */
  ours(): Promise<number>;
  close(): Promise<void>;
}

const FEATURES = ['f0', 'f1', 'f2', 'f3', 'f4'];
const duckdb = pathToFileURL(createRequire(import.meta.url).resolve('@duckdb/node-bindings')).href;

const context = {
  id: 'bench',
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
};

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

export async function openJoinWorkload(rows: number): Promise<JoinWorkload> {
  const parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  const file = (name: string): string => path.join(parts.folder, name);
  const instant = (seed: number): string =>
    `TIMESTAMP '2026-01-01' + to_microseconds(CAST(hash(i * ${seed}) % ${90 * 86_400_000_000} AS BIGINT))`;
  const values = FEATURES.map((name, n) => `(hash(i * ${101 + n}) % 1000000) / 1000.0 AS ${name}`);
  plain(
    `COPY (SELECT CAST(hash(i) % ${rows / 10} AS BIGINT) AS entity, ${instant(7)} AS event_time, ${values.join(', ')}
           FROM range(${rows}) AS t(i)) TO '${file('history.parquet')}' (FORMAT parquet)`,
    `COPY (SELECT CAST(hash(i * 3) % ${rows / 10} AS BIGINT) AS entity, ${instant(11)} AS event_time, i AS label
           FROM range(${rows}) AS t(i)) TO '${file('entities.parquet')}' (FORMAT parquet)`,
  );
  const readers = new ReaderProcesses();
  const data = new DataRoom({ ...parts, startReader: readers.start });
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
  const text = `
kind: Entity
name: entity
keys: [{name: entity, type: int64}]
---
kind: FeatureView
name: facts
entities: [entity]
source: {dataset: history}
ttl: 7d
features: [${FEATURES.map((name) => `{name: ${name}}`).join(', ')}]
`;
  features.apply({ documents: [{ file: 'bench.yaml', text }], prune: false });
  return {
    rows,
    file,
    plain,
    ours: async () => {
      const started = performance.now();
      await features.historical(context, {
        features: ['facts:*'],
        entities: file('entities.parquet'),
        eventTime: 'event_time',
        out: file('ours.parquet'),
        names: 'full',
        receipt: file('ours.receipt.json'),
      });
      return performance.now() - started;
    },
    close: async () => {
      await readers.close();
      parts.close();
    },
  };
}

/** DuckDB's own join of the same files, plain Parquet in and out. */
export const asofStatement = ({ file }: JoinWorkload): string => `COPY (
  SELECT e.*, ${FEATURES.map((name) => `CASE WHEN h.event_time >= e.event_time - INTERVAL 7 DAY THEN h.${name} END AS facts__${name}`).join(', ')}
  FROM '${file('entities.parquet')}' e ASOF LEFT JOIN '${file('history.parquet')}' h
  ON e.entity = h.entity AND e.event_time >= h.event_time
) TO '${file('plain.parquet')}' (FORMAT parquet)`;

import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DataRoom, dataMigrations, ReaderProcesses } from '../../../src/core/data/index.ts';
import { openParts } from '../../fixtures/engine-parts.ts';
import { brief, quantile, reportFigures } from './report-figures.ts';

/**
 * Import of the 3,000,000 flights, encrypted, hashed and recorded, against plain DuckDB that reads the same Parquet file and
 * writes Parquet. Both start a process of their own for the file and run in turn.
 */
const rounds = Number(process.argv[2] ?? (brief ? 1 : 5));
const { resolve } = createRequire(import.meta.url);
const flights = path.join(path.dirname(resolve('vega-datasets')), '..', 'data', 'flights-3m.parquet');
const duckdb = pathToFileURL(resolve('@duckdb/node-bindings')).href;

const parts = await openParts([dataMigrations]);
const readers = new ReaderProcesses();
const data = new DataRoom({ ...parts, startReader: readers.start });
/** A person's next import comes later than that: a process that reads files is ready again. */
const PAUSE_MS = brief ? 0 : 1_500;
const context = {
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
};

const PLAIN = `
const { default: duckdb } = await import(process.env.DUCKDB);
const connection = await duckdb.connect(await duckdb.open(':memory:'));
const started = performance.now();
await duckdb.query(connection, \`COPY (SELECT * FROM '\${process.env.FLIGHTS}') TO '\${process.env.OUT}' (FORMAT parquet)\`);
console.log(performance.now() - started);
`;
const out = path.join(parts.folder, 'plain.parquet');

function plain(): { processMs: number; queryMs: number; bytes: number } {
  const started = performance.now();
  const queryMs = Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', PLAIN], {
      env: { DUCKDB: duckdb, FLIGHTS: flights, OUT: out },
      encoding: 'utf8',
    }),
  );
  return { processMs: performance.now() - started, queryMs, bytes: statSync(out).size };
}

async function ours(round: number): Promise<{ ms: number; bytes: number }> {
  const started = performance.now();
  const dataset = await data.import(context, {
    name: `flights${round}`,
    files: [flights],
    eventTime: 'date',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
  const result = { ms: performance.now() - started, bytes: dataset.sizeBytes };
  // The next round must write its own blob.
  data.remove({ name: dataset.name });
  return result;
}

const baseline: ReturnType<typeof plain>[] = [];
const imports: Awaited<ReturnType<typeof ours>>[] = [];
await ours(-1);
plain();
for (let round = 0; round < rounds; round++) {
  baseline.push(plain());
  await sleep(PAUSE_MS);
  imports.push(await ours(round));
}
const importMs = quantile(imports.map(({ ms }) => ms));
const processMs = quantile(baseline.map((one) => one.processMs));
const queryMs = quantile(baseline.map((one) => one.queryMs));
reportFigures([
  {
    measure: 'Import of 3,000,000 flights, speed of plain DuckDB writing Parquet',
    value: processMs / importMs,
    unit: '×',
    atLeast: 0.6,
    note: `${Math.round(importMs)} ms against ${Math.round(processMs)} ms; DuckDB's query alone ${Math.round(queryMs)} ms`,
  },
  {
    measure: 'Import of 3,000,000 flights, median',
    value: importMs,
    unit: 'ms',
    note: `${rounds} rounds in turn`,
  },
  {
    measure: 'Encrypted dataset of 3,000,000 flights',
    value: imports[0]!.bytes / 1e6,
    unit: 'MB',
    note: `Parquet of DuckDB ${(baseline[0]!.bytes / 1e6).toFixed(1)} MB`,
  },
]);
rmSync(out, { force: true });
await readers.close();
parts.close();

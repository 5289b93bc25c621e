import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import duckdb from '@duckdb/node-bindings';
import { COMPILER_FLAGS } from '../../../src/core/processes/index.ts';
import { installPythonPackages } from '../../conformance/support/python-packages.ts';
import { lastLineOf } from './last-line.ts';
import { brief, type Figure, quantile, reportFigures } from './report-figures.ts';

/**
 * Trees over the same rows by LightGBM and by us, binning included: 100 trees of 31 leaves over 255 bins. Each fit has a
 * process of its own, and both take turns. The data lie in memory when the clock starts.
 */
interface Fit {
  readonly fitMs: number;
  readonly cpuMs: number;
  readonly auc: number;
  readonly logLoss: number;
  readonly trainLoss: number;
  readonly peakMB: number;
  readonly threads: number;
}

interface Task {
  readonly name: string;
  readonly title: string;
  readonly train: number;
  readonly features: number;
}

const PEER = path.join(process.cwd(), 'test', 'bench', 'peers', 'lightgbm_peer.py');
const OURS = fileURLToPath(new URL('./fit-trees.mjs', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-trees-'));
const rounds = Number(process.env['ROUNDS'] ?? (brief ? 1 : 5));
const python = installPythonPackages('gbdt-peers', ['lightgbm==4.7.0', 'scikit-learn==1.9.1']);
if (typeof python === 'string') throw new Error(`LightGBM could not be installed: ${python}`);
const interpreter = path.join(python.bin, 'python');

const argumentsOf = ({ name, train, features }: Task, threads: number) => [
  folder,
  name,
  train,
  features,
  threads,
];
const theirs = (task: Task, threads: number): Fit =>
  JSON.parse(lastLineOf(interpreter, [PEER, 'fit', ...argumentsOf(task, threads)])) as Fit;
const ours = (task: Task, threads: number): Fit =>
  JSON.parse(lastLineOf(process.execPath, [...COMPILER_FLAGS, OURS, ...argumentsOf(task, threads)])) as Fit;

function synthetic(title: string, train: number): Task {
  const name = `synthetic-${train}`;
  lastLineOf(interpreter, [PEER, 'data', folder, name, train]);
  return { name, title, train, features: 20 };
}

/** 3,000,000 flights: late by more than 15 minutes or not, from seven numbers; every fifth row is kept for the test. */
async function flights(): Promise<Task> {
  const file = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vega-datasets')),
    '..',
    'data',
    'flights-3m.parquet',
  );
  const connection = await duckdb.connect(await duckdb.open(':memory:'));
  const sql = `
    SELECT month(date), day(date), dayofweek(date), hour(date) * 60 + minute(date), distance,
           dense_rank() OVER (ORDER BY origin), dense_rank() OVER (ORDER BY destination), delay > 15
    FROM (SELECT *, row_number() OVER () AS n FROM '${file}' WHERE delay IS NOT NULL)
    WHERE n % ${brief ? 100 : 1} = 0 ORDER BY (n // ${brief ? 100 : 1}) % 5 = 0, n`;
  const chunks: Float32Array[][] = [];
  const result = await duckdb.query(
    connection,
    `SELECT ${Array.from({ length: 8 }, (_, at) => `CAST(#${at + 1} AS FLOAT)`).join(', ')} FROM (${sql})`,
  );
  for (;;) {
    const chunk = await duckdb.fetch_chunk(result);
    const rows = chunk === null ? 0 : duckdb.data_chunk_get_size(chunk);
    if (chunk === null || rows === 0) break;
    chunks.push(
      Array.from({ length: 8 }, (_, at) => {
        const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, at), rows * 4);
        return new Float32Array(Uint8Array.from(bytes).buffer);
      }),
    );
  }
  const column = (at: number): Buffer =>
    Buffer.concat(chunks.map((chunk) => new Uint8Array(chunk[at]!.buffer)));
  writeFileSync(path.join(folder, 'flights.f32'), Buffer.concat([0, 1, 2, 3, 4, 5, 6].map(column)));
  writeFileSync(path.join(folder, 'flights.y'), column(7));
  const rows = chunks.reduce((sum, [first]) => sum + first!.length, 0);
  return {
    name: 'flights',
    title: brief ? '30k flights × 7' : '3M flights × 7',
    train: rows - Math.floor(rows / 5),
    features: 7,
  };
}

function compare(task: Task, threads: number): Figure[] {
  const fits: { ours: Fit[]; theirs: Fit[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    fits.theirs.push(theirs(task, threads));
    fits.ours.push(ours(task, threads));
  }
  const median = (of: readonly Fit[], measure: keyof Fit): number => quantile(of.map((fit) => fit[measure]));
  const [a, b] = [fits.ours, fits.theirs];
  const of = `boosted trees, ${task.title}, ${threads} thread${threads === 1 ? '' : 's'}`;
  const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;
  return [
    {
      measure: `Fit of ${of}, time against LightGBM's`,
      value: median(a, 'fitMs') / median(b, 'fitMs'),
      unit: '×',
      atMost: 0.8,
      note:
        `${seconds(median(a, 'fitMs'))} (processor ${seconds(median(a, 'cpuMs'))}, ${median(a, 'threads')} threads) against ` +
        `${seconds(median(b, 'fitMs'))} (${seconds(median(b, 'cpuMs'))})`,
    },
    {
      measure: `AUC of ${of}, below LightGBM's by`,
      value: median(b, 'auc') - median(a, 'auc'),
      unit: '',
      atMost: 0.002,
      note: `${median(a, 'auc').toFixed(5)} against ${median(b, 'auc').toFixed(5)}; log loss ${median(a, 'logLoss').toFixed(5)} against ${median(b, 'logLoss').toFixed(5)}`,
    },
    {
      measure: `Training log loss of ${of}, against LightGBM's`,
      value: median(a, 'trainLoss') / median(b, 'trainLoss'),
      unit: '×',
      atMost: 1.002,
    },
    {
      measure: `Peak memory of the fit of ${of}, against LightGBM's`,
      value: median(a, 'peakMB') / median(b, 'peakMB'),
      unit: '×',
      atMost: 1.5,
      note: `${median(a, 'peakMB').toFixed(0)} MB over the loaded data against ${median(b, 'peakMB').toFixed(0)} MB`,
    },
  ];
}

/** A fit of both while another program keeps one of two processors busy, against their own quiet time. */
function compareBusy(task: Task): Figure[] {
  const median = (learner: (task: Task, threads: number) => Fit): number =>
    quantile(Array.from({ length: rounds }, () => learner(task, 2).fitMs));
  const quiet = { ours: median(ours), theirs: median(theirs) };
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    const beside = { ours: median(ours), theirs: median(theirs) };
    return [
      {
        measure: `Fit of boosted trees, ${task.title}, 2 threads, with one of two processors busy, against its quiet time`,
        value: beside.ours / quiet.ours,
        unit: '×',
        atMost: 1.5,
        note: `${(beside.ours / 1000).toFixed(2)} s against ${(quiet.ours / 1000).toFixed(2)} s; LightGBM ${(beside.theirs / quiet.theirs).toFixed(2)} ×`,
      },
    ];
  } finally {
    busy.kill('SIGKILL');
  }
}

const isFlights = process.argv[2] === 'flights';
const tasks = isFlights
  ? [await flights()]
  : brief
    ? [synthetic('5k × 20', 5000)]
    : [synthetic('100k × 20', 100_000), synthetic('1M × 20', 1_000_000)];
const threadCounts = os.availableParallelism() > 1 ? [1, 2] : [1];
reportFigures([
  ...tasks.flatMap((task) => threadCounts.flatMap((threads) => compare(task, threads))),
  ...(os.availableParallelism() === 2 && !isFlights ? compareBusy(tasks[0]!) : []),
]);
rmSync(folder, { recursive: true });

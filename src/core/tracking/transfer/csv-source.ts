import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FalajError } from '../../../shared/errors.ts';
import { type Column, isPresent, type Table } from '../../../shared/table/column.ts';
import { readTableFile } from '../../data/index.ts';
import type { MetricSample } from '../metrics/metric-series.ts';
import type { RunSource } from './import-runs.ts';

export interface CsvRun {
  readonly file: string;
  readonly experiment: string;
  readonly name?: string | undefined;
  /** Column of the steps; one of the usual names unless said, else rows are counted. */
  readonly step?: string | undefined;
}

const STEPS = ['step', 'epoch', 'iteration', 'iter', 'global_step'];
const TIMES = ['timestamp', 'time', 'wall_time', 'wall time', 'timestamp_ms'];
/** Counted from here, a number is in milliseconds: seconds come so far in the year 5138. */
const LEAST_MILLISECONDS = 100_000_000_000;

/** A table of metrics, one column each with its steps in another; also what TensorBoard exports of one scalar. */
export const csvSource = ({ file, experiment, name, step }: CsvRun): RunSource =>
  async function* ({ signal }) {
    if (!existsSync(file)) throw new FalajError('FILE_NOT_FOUND', `There is no file ${file}.`);
    const table = await readTableFile(file, { signal });
    const plan = planOf(table, path.parse(file).name, step);
    const digest = await digestOf(file);
    yield {
      id: createHash('sha256').update(`csv\n${experiment}\n${digest}`).digest('hex').slice(0, 32),
      experiment,
      name: name ?? path.parse(file).name,
      userId: undefined,
      status: 'finished',
      startedAt: undefined,
      endedAt: undefined,
      isDeleted: false,
      content: null,
      fraction: 0,
      params: async () => ({}),
      tags: async () => ({ 'falaj.importedFrom': 'csv', 'falaj.source': path.basename(file) }),
      points: () => pointsOf(plan, table.rows),
      artifacts: async function* () {
        yield { path: path.basename(file), content: createReadStream(file) };
      },
    };
  };

interface Plan {
  readonly steps: Column | null;
  readonly times: Column | null;
  readonly metrics: readonly { readonly metric: string; readonly column: Column }[];
}

function planOf(table: Table, stem: string, step: string | undefined): Plan {
  const named = (names: readonly string[]): Column | null =>
    table.columns.find(({ name }) => names.includes(name.toLowerCase())) ?? null;
  const steps = step === undefined ? named(STEPS) : (table.columns.find(({ name }) => name === step) ?? null);
  if (step !== undefined && steps === null) {
    throw new FalajError('UNKNOWN_COLUMN', `There is no column ${step}.`, {
      hint: `There are: ${table.columns.map(({ name }) => name).join(', ')}.`,
      details: { column: step },
    });
  }
  const times = named(TIMES);
  const metrics = table.columns
    .filter((column) => column !== steps && column !== times && isNumeric(column))
    // TensorBoard calls the one scalar of a file Value.
    .map((column) => ({ metric: column.name === 'Value' ? stem : column.name, column }));
  if (metrics.length > 0) return { steps, times, metrics };
  throw new FalajError('UNSUPPORTED_FORMAT', 'The file has no column of numbers beside the steps.', {
    hint: 'Each metric is a column of numbers, with a column step, epoch or iteration beside them.',
  });
}

const isNumeric = ({ type }: Column): boolean => type === 'float64' || type === 'int64' || type === 'bool';

async function* pointsOf({ steps, times, metrics }: Plan, rows: number): AsyncGenerator<MetricSample> {
  for (const { metric, column } of metrics)
    for (let row = 0; row < rows; row++) {
      if (!isPresent(column, row)) continue;
      const step = steps !== null && isPresent(steps, row) ? Math.trunc(Number(steps.values[row]!)) : row;
      yield { metric, step, at: timeOf(times, row), value: Number(column.values[row]!) };
    }
}

/** Times are in microseconds inside; numbers are seconds or milliseconds since the epoch. */
function timeOf(times: Column | null, row: number): number {
  if (times === null || times.type === 'string' || !isPresent(times, row)) return 0;
  const value = Number(times.values[row]!);
  if (times.type === 'timestamp' || times.type === 'date') return Math.round(value / 1000);
  return Math.round(value >= LEAST_MILLISECONDS ? value : value * 1000);
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

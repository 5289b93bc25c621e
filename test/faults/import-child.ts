// Imports a file into a workspace in one of the modes and says how far it is, so that it can be killed at any point.
import { writeSync } from 'node:fs';
import { DataRoom, dataMigrations } from '../../src/core/data/index.ts';
import { openSample } from './sample-workspace.ts';

const [folder, file, mode] = process.argv.slice(2) as [string, string, 'replace' | 'append' | 'upsert'];
const sample = openSample(folder, dataMigrations);
const data = new DataRoom({ ...sample, notify: () => undefined, clock: () => 1_750_000_000_000 });
const context = {
  signal: new AbortController().signal,
  progress: ({ done }: { done?: number }) => void writeSync(1, `read ${done ?? 0}\n`),
  log: () => undefined,
};
writeSync(1, 'start\n');
await data.import(context, {
  name: 'table',
  files: [file],
  mode,
  keys: mode === 'upsert' ? ['note'] : [],
  eventTime: 'at',
  labels: [],
  purposes: [],
  every: 1,
  derive: [],
});
writeSync(1, 'kept\n');
sample.close();

import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import type { MetricSample } from '../metrics/metric-series.ts';
import type { RunSource, SourceRun } from './import-runs.ts';
import {
  experimentMeta,
  filesUnder,
  foldersIn,
  META_FILE,
  readMeta,
  readPairs,
  readPoints,
  runMeta,
} from './mlruns-folder.ts';

/** The runs of MLflow's file store. */
export const mlrunsSource = (dir: string): RunSource =>
  async function* () {
    const folders = await experimentFolders(dir);
    for (const [index, folder] of folders.entries()) {
      const { name: experiment } = await readMeta(folder, experimentMeta);
      for (const name of await foldersIn(folder)) {
        const runFolder = path.join(folder, name);
        if (existsSync(path.join(runFolder, META_FILE)))
          yield await sourceRun(runFolder, experiment, index / folders.length);
      }
    }
  };

async function experimentFolders(dir: string): Promise<string[]> {
  if (!existsSync(dir)) throw new FalajError('FILE_NOT_FOUND', `There is no folder ${dir}.`);
  const folders = (await foldersIn(dir))
    .map((name) => path.join(dir, name))
    .filter((folder) => existsSync(path.join(folder, META_FILE)));
  if (folders.length > 0) return folders;
  throw new FalajError('UNSUPPORTED_FORMAT', `${dir} holds no experiment of MLflow’s file store.`, {
    hint: 'Give the mlruns folder itself.',
  });
}

async function sourceRun(folder: string, experiment: string, fraction: number): Promise<SourceRun> {
  const meta = await readMeta(folder, runMeta);
  return {
    id: meta.run_id,
    experiment,
    name: meta.run_name ?? undefined,
    userId: meta.user_id ?? undefined,
    status: meta.status,
    startedAt: meta.start_time,
    endedAt: meta.end_time ?? undefined,
    isDeleted: meta.lifecycle_stage === 'deleted',
    content: null,
    fraction,
    params: () => readPairs(path.join(folder, 'params')),
    tags: () => readPairs(path.join(folder, 'tags')),
    points: () => pointsOf(path.join(folder, 'metrics')),
    artifacts: () => artifactsOf(path.join(folder, 'artifacts')),
  };
}

async function* pointsOf(folder: string): AsyncGenerator<MetricSample> {
  for (const metric of await filesUnder(folder)) yield* readPoints(folder, metric);
}

async function* artifactsOf(folder: string) {
  for (const file of await filesUnder(folder))
    yield { path: file, content: createReadStream(path.join(folder, ...file.split('/'))) };
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { FalajError } from '../../../../shared/errors.ts';
import type { MetricSample } from '../../metrics/metric-series.ts';
import { filesUnder } from './files-under.ts';
import type { LocalRun } from './local-run.ts';
import type { RunHeader } from './messages.ts';
import {
  experimentMeta,
  foldersIn,
  META_FILE,
  readMeta,
  readPairs,
  readPoints,
  runMeta,
} from './mlruns-folder.ts';

/** The runs of MLflow's file store. */
export async function* mlrunsIn(dir: string): AsyncGenerator<LocalRun> {
  const folders = await experimentFolders(dir);
  for (const [index, folder] of folders.entries()) {
    const { name: experiment } = await readMeta(folder, experimentMeta);
    for (const name of await foldersIn(folder)) {
      const runFolder = path.join(folder, name);
      if (existsSync(path.join(runFolder, META_FILE))) {
        const artifactFolder = `${path.basename(folder)}/${name}/artifacts`;
        yield await localRun(runFolder, { experiment, fraction: index / folders.length, artifactFolder });
      }
    }
  }
}

async function experimentFolders(dir: string): Promise<string[]> {
  const folders = (await foldersIn(dir))
    .map((name) => path.join(dir, name))
    .filter((folder) => existsSync(path.join(folder, META_FILE)));
  if (folders.length > 0) return folders;
  throw new FalajError('UNSUPPORTED_FORMAT', `${dir} holds no experiment of MLflow’s file store.`, {
    hint: 'Give the mlruns folder itself.',
  });
}

async function localRun(
  folder: string,
  place: Pick<RunHeader, 'experiment' | 'fraction' | 'artifactFolder'>,
): Promise<LocalRun> {
  const meta = await readMeta(folder, runMeta);
  return {
    header: {
      ...place,
      id: meta.run_id,
      name: meta.run_name ?? undefined,
      userId: meta.user_id ?? undefined,
      status: meta.status,
      startedAt: meta.start_time,
      endedAt: meta.end_time ?? undefined,
      isDeleted: meta.lifecycle_stage === 'deleted',
      content: null,
    },
    params: () => readPairs(path.join(folder, 'params')),
    tags: () => readPairs(path.join(folder, 'tags')),
    points: () => pointsOf(path.join(folder, 'metrics')),
  };
}

async function* pointsOf(folder: string): AsyncGenerator<MetricSample> {
  for (const metric of await filesUnder(folder)) yield* readPoints(folder, metric);
}

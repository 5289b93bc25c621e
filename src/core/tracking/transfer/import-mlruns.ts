import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { MetricSample } from '../metrics/metric-series.ts';
import type { TrackingRoom } from '../tracking-room.ts';
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

export interface ImportedRuns {
  readonly experiments: number;
  readonly runs: number;
  /** Runs that were here already. */
  readonly skipped: number;
}

/** On a run while its import is under way: one that was cut off is taken anew. */
const IMPORTING_TAG = 'falaj.importing';
const POINTS_BATCH = 20_000;

/**
 * Takes over experiments and runs of MLflow's file store, with all points and artifacts. Runs keep their ids, so that a second
 * import takes only what is new; experiments of the same name are joined.
 */
export async function importMlruns(
  room: TrackingRoom,
  context: JobContext,
  input: { readonly dir: string },
): Promise<ImportedRuns> {
  const folders = await experimentFolders(input.dir);
  const outcome = { experiments: 0, runs: 0, skipped: 0 };
  for (const [index, folder] of folders.entries()) {
    const meta = await readMeta(folder, experimentMeta);
    const experimentId = experimentNamed(room, meta.name);
    outcome.experiments++;
    for (const name of await foldersIn(folder)) {
      const runFolder = path.join(folder, name);
      if (!existsSync(path.join(runFolder, META_FILE))) continue;
      context.signal.throwIfAborted();
      context.progress({
        fraction: index / folders.length,
        step: 'import',
        detail: meta.name,
        done: outcome.runs,
        unit: 'runs',
      });
      if (await importRun(room, context, runFolder, experimentId)) outcome.runs++;
      else outcome.skipped++;
    }
  }
  return outcome;
}

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

function experimentNamed(room: TrackingRoom, name: string): string {
  try {
    return room.groups.byName(name).id;
  } catch (error) {
    if (!isFalajError(error) || error.code !== 'NOT_FOUND') throw error;
    return room.groups.create({ name });
  }
}

/** False when the run is here already. A run that cannot be taken whole is not taken. */
async function importRun(
  room: TrackingRoom,
  context: JobContext,
  folder: string,
  experimentId: string,
): Promise<boolean> {
  const meta = await readMeta(folder, runMeta);
  const known = knownRun(room, meta.run_id);
  if (known === 'whole') return false;
  if (known === 'cut off') room.remove({ id: meta.run_id });
  const tags = await readPairs(path.join(folder, 'tags'));
  const params = await readPairs(path.join(folder, 'params'));
  const { id } = room.clients.create({
    id: meta.run_id,
    experimentId,
    name: meta.run_name ?? undefined,
    userId: meta.user_id ?? undefined,
    startedAt: meta.start_time,
    tags: { ...tags, [IMPORTING_TAG]: 'true' },
  });
  try {
    room.clients.logBatch(id, { params });
    await importPoints(room, context, id, path.join(folder, 'metrics'));
    const artifacts = path.join(folder, 'artifacts');
    for (const file of await filesUnder(artifacts)) {
      context.signal.throwIfAborted();
      const content = createReadStream(path.join(artifacts, ...file.split('/')));
      await room.files.put({ kind: 'run', id }, file, content, context.signal);
    }
    room.clients.update({ id, status: meta.status, endedAt: meta.end_time ?? undefined });
    room.clients.deleteTag(id, IMPORTING_TAG);
    if (meta.lifecycle_stage === 'deleted') room.clients.setLifecycle(id, 'deleted');
  } catch (error) {
    room.remove({ id });
    throw error;
  }
  return true;
}

function knownRun(room: TrackingRoom, id: string): 'whole' | 'cut off' | null {
  try {
    return Object.hasOwn(room.clients.get(id).tags, IMPORTING_TAG) ? 'cut off' : 'whole';
  } catch (error) {
    if (isFalajError(error) && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

async function importPoints(
  room: TrackingRoom,
  context: JobContext,
  id: string,
  folder: string,
): Promise<void> {
  for (const metric of await filesUnder(folder)) {
    let batch: MetricSample[] = [];
    for await (const point of readPoints(folder, metric)) {
      batch.push(point);
      if (batch.length < POINTS_BATCH) continue;
      context.signal.throwIfAborted();
      room.clients.logBatch(id, { metrics: batch });
      batch = [];
    }
    if (batch.length > 0) room.clients.logBatch(id, { metrics: batch });
  }
}

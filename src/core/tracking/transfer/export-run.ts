import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FalajError } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { TrackingRoom } from '../tracking-room.ts';

export interface ExportedRun {
  readonly dir: string;
  readonly files: number;
}

const POINTS_PAGE = 10_000;

/**
 * Writes a run to a new folder, unencrypted: `run.json`, every point of each metric in `metrics/N.csv` with `metrics.json`
 * naming them, and the artifacts under `artifacts/`. All of it, or no folder.
 *
 * @throws ALREADY_EXISTS when the folder is there.
 */
export async function exportRun(
  room: TrackingRoom,
  context: JobContext,
  input: { readonly id: string; readonly dir: string },
): Promise<ExportedRun> {
  const run = room.clients.get(input.id);
  const dir = path.resolve(input.dir);
  await makeNewFolder(dir);
  let files = 0;
  try {
    const metrics = run.metrics.map(({ metric }, index) => ({ metric, file: `metrics/${index}.csv` }));
    await writeFile(path.join(dir, 'run.json'), `${JSON.stringify(room.get({ id: run.id }), null, 2)}\n`);
    await writeFile(path.join(dir, 'metrics.json'), `${JSON.stringify(metrics, null, 2)}\n`);
    await mkdir(path.join(dir, 'metrics'));
    for (const { metric, file } of metrics) {
      context.signal.throwIfAborted();
      const lines = Readable.from(linesOf(room, run.id, metric));
      await pipeline(lines, createWriteStream(path.join(dir, file)), { signal: context.signal });
      files++;
    }
    const artifacts = room.get({ id: run.id }).artifacts;
    for (const [index, artifact] of artifacts.entries()) {
      context.progress({ fraction: index / artifacts.length, step: 'export', detail: artifact.path });
      const file = path.join(dir, 'artifacts', ...artifact.path.split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      const content = room.files.open({ kind: 'run', id: run.id }, artifact.path).read(context.signal);
      await pipeline(Readable.from(content), createWriteStream(file), { signal: context.signal });
      files++;
    }
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return { dir, files: files + 2 };
}

async function makeNewFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new FalajError('ALREADY_EXISTS', `${dir} exists already.`, { hint: 'Name a new folder.', cause });
    throw new FalajError(
      'FILE_UNREADABLE',
      `The folder ${dir} cannot be made (${code ?? 'unknown reason'}).`,
      {
        cause,
      },
    );
  }
}

function* linesOf(room: TrackingRoom, id: string, metric: string): Generator<string> {
  yield 'step,timestamp_ms,value\n';
  let pageToken: string | undefined;
  do {
    const page = room.clients.history({ id, metric, limit: POINTS_PAGE, pageToken });
    yield page.items.map(({ step, at, value }) => `${step},${at},${value}\n`).join('');
    pageToken = page.nextPageToken ?? undefined;
  } while (pageToken !== undefined);
}

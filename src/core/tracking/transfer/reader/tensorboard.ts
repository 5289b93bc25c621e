import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FalajError } from '../../../../shared/errors.ts';
import type { MetricSample } from '../../metrics/metric-series.ts';
import { eventRecords } from './event-records.ts';
import { type EventScalar, eventScalars } from './event-scalars.ts';
import { filesUnder } from './files-under.ts';
import type { LocalRun } from './local-run.ts';

const EVENTS_FILE = /(?:^|\/)[^/]*tfevents[^/]*$/;

/** The scalars of TensorBoard's event files: each folder that has some is a run, as TensorBoard itself shows it. */
export async function* eventRunsIn(dir: string, experiment: string): AsyncGenerator<LocalRun> {
  const runs = new Map<string, string[]>();
  for (const file of (await filesUnder(dir)).filter((name) => EVENTS_FILE.test(name))) {
    const folder = path.posix.dirname(file);
    runs.set(folder, [...(runs.get(folder) ?? []), path.join(dir, ...file.split('/'))]);
  }
  if (runs.size === 0) {
    throw new FalajError('UNSUPPORTED_FORMAT', `${dir} holds no event file of TensorBoard.`, {
      hint: 'Give the log folder that TensorBoard is started with; its files are named events.out.tfevents.…',
    });
  }
  for (const [index, [folder, files]] of [...runs].entries())
    yield await localRun({ dir, folder, files, experiment, fraction: index / runs.size });
}

interface EventFolder {
  readonly dir: string;
  /** Under it, with `/`; `.` for itself. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly experiment: string;
  readonly fraction: number;
}

async function localRun({ dir, folder, files, experiment, fraction }: EventFolder): Promise<LocalRun> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const name = folder === '.' ? path.basename(path.resolve(dir)) : folder;
  const first = await firstTime(files[0]!);
  const place = ['tensorboard', experiment, name, String(first), path.basename(files[0]!)].join('\n');
  return {
    header: {
      id: createHash('sha256').update(place).digest('hex').slice(0, 32),
      experiment,
      name,
      userId: undefined,
      // Whether its writer came to its end is not in the files.
      status: 'finished',
      startedAt: first,
      endedAt: undefined,
      isDeleted: false,
      content: sizes.join(' '),
      fraction,
      artifactFolder: null,
    },
    params: async () => ({}),
    tags: async () => ({ 'falaj.importedFrom': 'tensorboard' }),
    points: () => samples(files),
  };
}

async function* samples(files: readonly string[]): AsyncGenerator<MetricSample> {
  for (const file of files)
    for await (const { tag, ...point } of scalarsOf(file)) yield { metric: tag, ...point };
}

async function* scalarsOf(file: string): AsyncGenerator<EventScalar> {
  for await (const record of eventRecords(file)) {
    try {
      yield* eventScalars(record);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new FalajError('MALFORMED_FILE', `${file}: a record is not an event of TensorBoard.`, {
        hint: 'Give the log folder that TensorBoard is started with.',
        details: { file },
        cause,
      });
    }
  }
}

async function firstTime(file: string): Promise<number | undefined> {
  for await (const { at } of scalarsOf(file)) return at;
  return undefined;
}

import type { Readable } from 'node:stream';
import { isFalajError } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { MetricSample } from '../metrics/metric-series.ts';
import type { TrackingRoom } from '../tracking-room.ts';

/** A run of another tool, read piece by piece while it is taken over. */
export interface SourceRun {
  /** The id that it gets here: the same for the same run, so that a second import takes only what is new. */
  readonly id: string;
  readonly experiment: string;
  readonly name: string | undefined;
  readonly userId: string | undefined;
  readonly status: 'running' | 'scheduled' | 'finished' | 'failed' | 'killed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly isDeleted: boolean;
  /** Changes when the run has gone on since it was taken; null where a run is whole once it is there. */
  readonly content: string | null;
  /** Of the job, from 0 to 1, when this run's turn comes. */
  readonly fraction: number;
  params(): Promise<Readonly<Record<string, string>>>;
  tags(): Promise<Readonly<Record<string, string>>>;
  points(): AsyncIterable<MetricSample>;
  artifacts(): AsyncIterable<{ readonly path: string; readonly content: Readable }>;
}

export type RunSource = (context: JobContext) => AsyncIterable<SourceRun>;

export interface ImportedRuns {
  readonly experiments: number;
  readonly runs: number;
  /** Runs that were here already. */
  readonly skipped: number;
  /** Points whose step or time is beyond 2^53, which no metric here can hold. */
  readonly pointsLeftOut: number;
}

/** On a run while its import is under way: one that was cut off is taken anew. */
const IMPORTING_TAG = 'falaj.importing';
const CONTENT_TAG = 'falaj.importedContent';
const POINTS_BATCH = 20_000;

/**
 * Takes over the runs of a source, with all points and artifacts. Runs keep their ids, so that a second import takes only what
 * is new; experiments of the same name are joined. A run that cannot be taken whole is not taken, but for points that no metric here
 * can hold, which are counted.
 */
export async function importRuns(
  room: TrackingRoom,
  context: JobContext,
  source: RunSource,
): Promise<ImportedRuns> {
  const experiments = new Map<string, string>();
  let [runs, skipped, pointsLeftOut] = [0, 0, 0];
  for await (const run of source(context)) {
    context.signal.throwIfAborted();
    const { fraction, experiment } = run;
    context.progress({ fraction, step: 'import', detail: experiment, done: runs, unit: 'runs' });
    const experimentId = experiments.get(experiment) ?? room.experimentNamed(experiment);
    experiments.set(experiment, experimentId);
    const taken = await importRun(room, context, run, experimentId);
    if (taken === null) skipped++;
    else {
      runs++;
      pointsLeftOut += taken.pointsLeftOut;
    }
  }
  return { experiments: experiments.size, runs, skipped, pointsLeftOut };
}

/** Null when the run is here already. */
async function importRun(
  room: TrackingRoom,
  context: JobContext,
  run: SourceRun,
  experimentId: string,
): Promise<Pick<ImportedRuns, 'pointsLeftOut'> | null> {
  const known = knownTags(room, run.id);
  if (known !== null) {
    const isCutOff = Object.hasOwn(known, IMPORTING_TAG);
    if (!isCutOff && (run.content === null || known[CONTENT_TAG] === run.content)) return null;
    room.remove({ id: run.id });
  }
  const tags = await run.tags();
  const { id } = room.clients.create({
    id: run.id,
    experimentId,
    name: run.name,
    userId: run.userId,
    startedAt: run.startedAt,
    tags: {
      ...tags,
      [IMPORTING_TAG]: 'true',
      ...(run.content === null ? {} : { [CONTENT_TAG]: run.content }),
    },
  });
  try {
    room.clients.logBatch(id, { params: await run.params() });
    const pointsLeftOut = await importPoints(room, context, id, run.points());
    for await (const { path, content } of run.artifacts()) {
      context.signal.throwIfAborted();
      await room.files.put({ kind: 'run', id }, path, content, context.signal);
    }
    room.clients.update({ id, status: run.status, endedAt: run.endedAt });
    room.clients.deleteTag(id, IMPORTING_TAG);
    if (run.isDeleted) room.clients.setLifecycle(id, 'deleted');
    return { pointsLeftOut };
  } catch (error) {
    room.remove({ id });
    throw error;
  }
}

function knownTags(room: TrackingRoom, id: string): Readonly<Record<string, string>> | null {
  try {
    return room.clients.get(id).tags;
  } catch (error) {
    if (isFalajError(error) && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

/** Tells how many points were left out; the log says of which metrics. */
async function importPoints(
  room: TrackingRoom,
  context: JobContext,
  id: string,
  points: AsyncIterable<MetricSample>,
): Promise<number> {
  let batch: MetricSample[] = [];
  const leftOut = new Map<string, number>();
  for await (const point of points) {
    const { metric, step, at } = point;
    if (!Number.isSafeInteger(step) || !Number.isSafeInteger(at)) {
      leftOut.set(metric, (leftOut.get(metric) ?? 0) + 1);
      continue;
    }
    batch.push(point);
    if (batch.length < POINTS_BATCH) continue;
    context.signal.throwIfAborted();
    room.clients.logBatch(id, { metrics: batch });
    batch = [];
  }
  if (batch.length > 0) room.clients.logBatch(id, { metrics: batch });
  for (const [metric, count] of leftOut)
    context.log('warn', `${count} points of ${metric} of the run ${id} have steps or times beyond 2^53.`);
  return [...leftOut.values()].reduce((sum, count) => sum + count, 0);
}

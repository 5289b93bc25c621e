import type { Job } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { endOf, keptError } from './job-end.ts';
import type { JobKind, QueuedJobContext } from './job-kind.ts';
import type { JobLog } from './job-log.ts';
import type { JobTable } from './job-table.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RunningJob } from './running-job.ts';

/** Progress reaches listeners at most this often; the last update of a job always does. */
const PROGRESS_INTERVAL_MS = 100;

export interface JobSurroundings {
  readonly table: JobTable;
  readonly log: JobLog;
  readonly clock: () => number;
  readonly kind: (name: string) => JobKind<unknown, unknown>;
  /** Tells listeners of a job as it is now, with the progress that is kept only at its end. */
  readonly announce: (id: string, progress?: Job['progress']) => void;
}

/** Runs a job to its end and keeps how it ended. Rejects only when the disk does not take that. */
export async function carryOut(around: JobSurroundings, id: string, running: RunningJob): Promise<void> {
  const { table, log, clock } = around;
  table.start(
    id,
    clock(),
    running.claim.gpus.map((gpu) => gpu.id),
  );
  const { kind: name, schedule, attempt } = table.get(id);
  around.announce(id);
  running.limit(schedule.timeLimitMs);
  const meter = new ProgressMeter(clock);
  try {
    const kind = around.kind(name);
    const input = parseInput(kind, table.input(id));
    const result = await kind.run(contextOf(around, id, running, meter), input);
    log.end(id);
    table.finish(id, { state: 'succeeded', at: clock(), result });
  } catch (thrown) {
    const end = endOf(thrown, { stopped: running.stopped, schedule, attempt });
    if (end.state === 'failed' || end.state === 'tried again')
      log.add(id, 'error', `${end.error.code}: ${end.error.message}`);
    log.end(id);
    if (end.state === 'held back') table.holdBack(id);
    else if (end.state === 'tried again') table.requeue(id, clock() + end.delayMs);
    else table.finish(id, { state: end.state, at: clock(), error: keptError(end.error, end.state) });
  }
  table.saveProgress(id, meter.current);
}

/** @throws BAD_INPUT naming the first field that the kind does not take. */
export function parseInput(kind: JobKind<unknown, unknown>, input: unknown): unknown {
  const parsed = kind.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FalajError('BAD_INPUT', `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'not valid'}`);
}

function contextOf(
  { announce, log, clock }: JobSurroundings,
  id: string,
  running: RunningJob,
  meter: ProgressMeter,
): QueuedJobContext {
  let announcedAt = Number.NEGATIVE_INFINITY;
  return {
    id,
    signal: running.signal,
    gpus: running.claim.gpus.map((gpu) => gpu.id),
    progress: (update) => {
      const before = meter.current.step;
      const progress = meter.update(update);
      const now = clock();
      if (progress.step === before && now - announcedAt < PROGRESS_INTERVAL_MS) return;
      announcedAt = now;
      announce(id, progress);
    },
    log: (level, text) => log.add(id, level, text),
    suspendable: (suspension) => {
      running.suspension = suspension;
    },
  };
}

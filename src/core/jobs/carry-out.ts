import { FalajError } from '../../shared/errors.ts';
import { endOf, keptError } from './job-end.ts';
import type { JobKind, QueuedJobContext } from './job-kind.ts';
import type { JobLog } from './job-log.ts';
import type { JobTable } from './job-table.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { RunningJob } from './running-job.ts';
import { untilKept } from './until-kept.ts';

/** Progress reaches listeners at most this often; the last update of a job always does. */
const PROGRESS_INTERVAL_MS = 100;
/** Where a job is whose end waits for room on the disk. */
const DISK_FULL_STEP = 'disk-full';

export interface JobSurroundings {
  readonly table: JobTable;
  readonly log: JobLog;
  readonly clock: () => number;
  readonly kind: (name: string) => JobKind<unknown, unknown>;
  /** Tells listeners of a job as it is now. */
  readonly announce: (id: string) => void;
}

/** Runs a job to its end and keeps how it ended, when there is room for it. Rejects only when the engine ends before. */
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
  const context = contextOf(around, id, running, meter);
  const outcome = await outcomeOf(around, name, id, context).catch((thrown: unknown) =>
    endOf(thrown, { stopped: running.stopped, schedule, attempt }),
  );
  if (outcome.state === 'failed' || outcome.state === 'tried again')
    log.add(id, 'error', `${outcome.error.code}: ${outcome.error.message}`);
  await context.keep(() => {
    log.end(id);
    table.atOnce(() => {
      if (outcome.state === 'succeeded') table.finish(id, { ...outcome, at: clock() });
      else if (outcome.state === 'held back') table.holdBack(id);
      else if (outcome.state === 'tried again') table.requeue(id, clock() + outcome.delayMs);
      else
        table.finish(id, {
          state: outcome.state,
          at: clock(),
          error: keptError(outcome.error, outcome.state),
        });
      table.saveProgress(id, meter.current);
    });
  });
}

async function outcomeOf(
  { kind, table }: JobSurroundings,
  name: string,
  id: string,
  context: QueuedJobContext,
): Promise<{ readonly state: 'succeeded'; readonly result: unknown }> {
  const wanted = kind(name);
  return { state: 'succeeded', result: await wanted.run(context, parseInput(wanted, table.input(id))) };
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
      running.progress = progress;
      const now = clock();
      if (progress.step === before && now - announcedAt < PROGRESS_INTERVAL_MS) return;
      announcedAt = now;
      announce(id);
    },
    log: (level, text) => log.add(id, level, text),
    suspendable: (suspension) => {
      running.suspension = suspension;
    },
    keep: (work) =>
      untilKept(work, {
        signal: running.engineEnds,
        onFull: ({ message }) => {
          running.progress = meter.update({ step: DISK_FULL_STEP, detail: message });
          announce(id);
        },
      }),
  };
}

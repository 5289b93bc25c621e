import { z } from 'zod';
import {
  jobError,
  jobNeeds,
  jobPriority,
  jobProgress,
  jobSchedule,
  jobState,
} from '../../shared/contract/jobs.ts';
import type {
  Job,
  JobLogLine,
  JobNeeds,
  JobPriority,
  JobSchedule,
  JobState,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Store } from '../store/index.ts';

interface JobRow {
  id: string;
  kind: string;
  title: string;
  subject: string | null;
  state: string;
  input: string;
  result: string | null;
  error: string | null;
  progress: string | null;
  attempt: number;
  priority: string;
  schedule: string;
  needs: string | null;
  paused: number;
  begins_at: number | null;
  gpus: string;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
}

export interface JobFilter {
  readonly limit: number;
  readonly state?: JobState | undefined;
  readonly kind?: string | undefined;
  readonly before?: string | undefined;
}

/** A job as its row tells it; why it waits is known to the queue alone. */
export type StoredJob = Omit<Job, 'waitsFor'>;

/** Jobs and their logs as rows. Knows nothing of running them. */
export class JobTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(job: {
    id: string;
    kind: string;
    title: string;
    subject: string | null;
    input: unknown;
    schedule: JobSchedule;
    needs: JobNeeds | null;
    createdAt: number;
  }): void {
    const { priority, ...schedule } = job.schedule;
    this.#store
      .statement(
        `INSERT INTO job (id, kind, title, subject, state, input, priority, schedule, needs, created_at)
         VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
      )
      .run(
        job.id,
        job.kind,
        job.title,
        job.subject,
        JSON.stringify(job.input),
        priority,
        JSON.stringify(schedule),
        job.needs === null ? null : JSON.stringify(job.needs),
        job.createdAt,
      );
  }

  /** The newest first, of those older than `before`. */
  list({ limit, state, kind, before }: JobFilter): StoredJob[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    if (state !== undefined) {
      conditions.push('state = ?');
      values.push(state);
    }
    if (kind !== undefined) {
      conditions.push('kind = ?');
      values.push(kind);
    }
    if (before !== undefined) {
      conditions.push('(created_at, id) < (?, ?)');
      values.push(this.#row(before).created_at, before);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return this.#store
      .statement<JobRow>(`SELECT * FROM job ${where} ORDER BY created_at DESC, id DESC LIMIT ?`)
      .all(...values, limit)
      .map(toJob);
  }

  get(id: string): StoredJob {
    return toJob(this.#row(id));
  }

  input(id: string): unknown {
    return JSON.parse(this.#row(id).input);
  }

  start(id: string, at: number, gpus: readonly string[]): void {
    this.#store
      .statement(
        `UPDATE job SET state = 'running', started_at = ?, begins_at = NULL, gpus = ?, ended_at = NULL, error = NULL, result = NULL
         WHERE id = ?`,
      )
      .run(at, JSON.stringify(gpus), id);
  }

  pause(id: string, paused: boolean): void {
    this.#store.statement('UPDATE job SET paused = ? WHERE id = ?').run(Number(paused), id);
  }

  prioritize(id: string, priority: JobPriority): void {
    this.#store.statement('UPDATE job SET priority = ? WHERE id = ?').run(priority, id);
  }

  finish(
    id: string,
    end: { state: JobState; at: number; result?: unknown; error?: z.infer<typeof jobError> },
  ): void {
    this.#store
      .statement(
        'UPDATE job SET state = ?, ended_at = ?, result = ?, error = ?, paused = 0, begins_at = NULL WHERE id = ?',
      )
      .run(
        end.state,
        end.at,
        end.result === undefined ? null : JSON.stringify(end.result),
        end.error === undefined ? null : JSON.stringify(end.error),
        id,
      );
  }

  /** Back among those that wait, for one more attempt from `beginsAt` on; what was paused stays so. */
  requeue(id: string, beginsAt: number | null = null): void {
    this.#store
      .statement(
        `UPDATE job SET state = 'queued', attempt = attempt + 1, begins_at = ?, started_at = NULL, ended_at = NULL, error = NULL,
                        progress = NULL, gpus = '[]'
         WHERE id = ?`,
      )
      .run(beginsAt, id);
  }

  /** Back among those that wait, in the same attempt, until it is resumed. */
  holdBack(id: string): void {
    this.#store
      .statement("UPDATE job SET state = 'queued', paused = 1, started_at = NULL, gpus = '[]' WHERE id = ?")
      .run(id);
  }

  /** All of it or nothing: what is tried once more must not count twice. */
  atOnce(work: () => void): void {
    this.#store.transaction(work);
  }

  saveProgress(id: string, progress: z.infer<typeof jobProgress>): void {
    this.#store.statement('UPDATE job SET progress = ? WHERE id = ?').run(JSON.stringify(progress), id);
  }

  /** Work that was under way when an engine died. Returns which. */
  markInterrupted(at: number): readonly string[] {
    return this.#store
      .statement<{ id: string }>(
        "UPDATE job SET state = 'interrupted', ended_at = ?, paused = 0 WHERE state = 'running' RETURNING id",
      )
      .all(at)
      .map(({ id }) => id);
  }

  /** Work that waits for its turn, the oldest first. */
  waiting(): { readonly id: string; readonly kind: string }[] {
    return this.#store
      .statement<{ id: string; kind: string }>(
        "SELECT id, kind FROM job WHERE state = 'queued' ORDER BY created_at, rowid",
      )
      .all();
  }

  lastLogSequence(id: string): number {
    const row = this.#store
      .statement<{ last: number | null }>('SELECT max(sequence) AS last FROM job_log WHERE job = ?')
      .get(id);
    return row?.last ?? 0;
  }

  appendLog(id: string, lines: readonly JobLogLine[]): void {
    this.#store.transaction(() => {
      for (const { sequence, at, level, text } of lines)
        this.#store
          .statement('INSERT INTO job_log (job, sequence, at, level, text) VALUES (?, ?, ?, ?, ?)')
          .run(id, sequence, Date.parse(at), level, text);
    });
  }

  logs(id: string, after: number, limit: number): JobLogLine[] {
    this.#row(id);
    return this.#store
      .statement<{ sequence: number; at: number; level: JobLogLine['level']; text: string }>(
        'SELECT sequence, at, level, text FROM job_log WHERE job = ? AND sequence > ? ORDER BY sequence LIMIT ?',
      )
      .all(id, after, limit)
      .map((line) => ({ ...line, at: new Date(line.at).toISOString() }));
  }

  #row(id: string): JobRow {
    const row = this.#store.statement<JobRow>('SELECT * FROM job WHERE id = ?').get(id);
    if (row === undefined)
      throw new FalajError('NOT_FOUND', `There is no job "${id}".`, { hint: 'See `falaj jobs ls`.' });
    return row;
  }
}

function toJob(row: JobRow): StoredJob {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    subject: row.subject,
    state: jobState.parse(row.state),
    progress: row.progress === null ? null : jobProgress.parse(JSON.parse(row.progress)),
    createdAt: new Date(row.created_at).toISOString(),
    startedAt: row.started_at === null ? null : new Date(row.started_at).toISOString(),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
    attempt: row.attempt,
    schedule: jobSchedule.parse({
      ...(JSON.parse(row.schedule) as object),
      priority: jobPriority.parse(row.priority),
    }),
    needs: row.needs === null ? null : jobNeeds.parse(JSON.parse(row.needs)),
    paused: row.paused === 1,
    beginsAt: row.begins_at === null ? null : new Date(row.begins_at).toISOString(),
    gpus: z.array(z.string()).parse(JSON.parse(row.gpus)),
    error: row.error === null ? null : jobError.parse(JSON.parse(row.error)),
    result: row.result === null ? null : JSON.parse(row.result),
  };
}

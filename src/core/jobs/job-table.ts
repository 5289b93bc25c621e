import type { z } from 'zod';
import { jobError, jobProgress, jobState } from '../../shared/contract/jobs.ts';
import type { Job, JobLogLine, JobState } from '../../shared/contract/types.ts';
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
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
}

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
    createdAt: number;
  }): void {
    this.#store
      .statement(
        'INSERT INTO job (id, kind, title, subject, state, input, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(job.id, job.kind, job.title, job.subject, 'queued', JSON.stringify(job.input), job.createdAt);
  }

  list(limit: number, state: JobState | undefined): Job[] {
    const rows =
      state === undefined
        ? this.#store
            .statement<JobRow>('SELECT * FROM job ORDER BY created_at DESC, id DESC LIMIT ?')
            .all(limit)
        : this.#store
            .statement<JobRow>('SELECT * FROM job WHERE state = ? ORDER BY created_at DESC, id DESC LIMIT ?')
            .all(state, limit);
    return rows.map(toJob);
  }

  get(id: string): Job {
    return toJob(this.#row(id));
  }

  input(id: string): unknown {
    return JSON.parse(this.#row(id).input);
  }

  start(id: string, at: number): void {
    this.#store
      .statement(
        "UPDATE job SET state = 'running', started_at = ?, ended_at = NULL, error = NULL, result = NULL WHERE id = ?",
      )
      .run(at, id);
  }

  finish(
    id: string,
    end: { state: JobState; at: number; result?: unknown; error?: z.infer<typeof jobError> },
  ): void {
    this.#store
      .statement('UPDATE job SET state = ?, ended_at = ?, result = ?, error = ? WHERE id = ?')
      .run(
        end.state,
        end.at,
        end.result === undefined ? null : JSON.stringify(end.result),
        end.error === undefined ? null : JSON.stringify(end.error),
        id,
      );
  }

  requeue(id: string): void {
    this.#store
      .statement(
        "UPDATE job SET state = 'queued', attempt = attempt + 1, started_at = NULL, ended_at = NULL, error = NULL, progress = NULL WHERE id = ?",
      )
      .run(id);
  }

  saveProgress(id: string, progress: z.infer<typeof jobProgress>): void {
    this.#store.statement('UPDATE job SET progress = ? WHERE id = ?').run(JSON.stringify(progress), id);
  }

  /** Work that was under way when an engine died. Returns how much there was. */
  markInterrupted(at: number): number {
    return this.#store
      .statement("UPDATE job SET state = 'interrupted', ended_at = ? WHERE state = 'running'")
      .run(at).changes;
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

function toJob(row: JobRow): Job {
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
    error: row.error === null ? null : jobError.parse(JSON.parse(row.error)),
    result: row.result === null ? null : JSON.parse(row.result),
  };
}

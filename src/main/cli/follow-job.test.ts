import { describe, expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import { jobOf } from '../../../test/fixtures/job.ts';
import type { Job } from '../../shared/contract/types.ts';
import { createInProcessClient } from '../connect/in-process-client.ts';
import { createRouter } from '../router/index.ts';
import { followJob, outcome } from './follow-job.ts';

function follow(onStart: (engine: TinyEngine, id: string) => void) {
  const engine = new TinyEngine();
  const client = createInProcessClient(createRouter(engine.asHosted(), () => undefined));
  const stop = new AbortController();
  const shown: string[] = [];
  const result = followJob({
    client,
    start: async () => {
      const started = await client.demo.start({});
      setTimeout(() => onStart(engine, started.job), 5);
      return started;
    },
    display: { show: (job) => shown.push(job.progress?.step ?? ''), end: () => shown.push('end') },
    signal: stop.signal,
  });
  return { engine, result, stop, shown };
}

const publish = (engine: TinyEngine, job: Partial<Job> & { id: string }): void =>
  engine.bus.publish({ topic: 'jobs', job: { ...engine.job(job.id, 'running'), ...job } });

const progress = (step: string) => ({
  fraction: 0.5,
  step,
  detail: '',
  ratePerSecond: null,
  unit: null,
  remainingMs: null,
});

describe('following a job', () => {
  it('shows its progress and gives its result', async () => {
    const { result, shown } = follow((engine, id) => {
      publish(engine, { id: 'another', state: 'succeeded' });
      publish(engine, { id, progress: progress('import') });
      setTimeout(() => publish(engine, { id, state: 'succeeded', result: { rows: 3 } }), 5);
    });
    expect(await result).toEqual({ rows: 3 });
    expect(shown).toEqual(['import', 'end']);
  });

  it('throws what the job failed with', async () => {
    const { result } = follow((engine, id) =>
      publish(engine, {
        id,
        state: 'failed',
        error: { code: 'MALFORMED_FILE', message: 'Line 3 is ragged.', hint: 'Mend it.' },
      }),
    );
    await expect(result).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
      message: 'Line 3 is ragged.',
      hint: 'Mend it.',
      exitCode: 1,
    });
  });

  it('cancels the job at Ctrl-C and waits for its end', async () => {
    const cancelled: string[] = [];
    const { engine, result, stop } = follow((_engine, id) => {
      stop.abort();
      setTimeout(() => publish(engine, { id, state: 'cancelled' }), 20);
    });
    const cancel = engine.rooms.jobs.cancel;
    engine.rooms.jobs.cancel = ({ id }) => {
      cancelled.push(id);
      return cancel({ id });
    };
    await expect(result).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 });
    expect(cancelled).toEqual(['job-1']);
  });

  it('claims of a stopped script no more than is true: what it logged stays', () => {
    const stopped = { id: 'job-1', state: 'cancelled' } as const;
    expect(() => outcome(jobOf(stopped))).toThrow('Nothing half-done was kept.');
    expect(() => outcome(jobOf({ ...stopped, kind: 'scripts.run' }))).toThrow('is kept with its run.');
  });

  it('notices a job that ended before it could be followed', async () => {
    const { engine, result } = follow(() => undefined);
    engine.rooms.jobs.get = ({ id }) => ({ ...engine.job(id, 'succeeded'), result: 'early' });
    expect(await result).toBe('early');
  });
});

import { describe, expect, it } from 'vitest';
import { FalajError } from '../../shared/errors.ts';
import { BACK_OFF_MS, EngineSupervisor, type SupervisedDoor } from './engine-supervisor.ts';

/** An engine that is opened by hand, and time that is told what it is. */
function bench() {
  const time = { now: 0 };
  const sleeps: { milliseconds: number; wake: () => void }[] = [];
  const troubles: { kind: string; retryInMs: number }[] = [];
  const opened: { gone: () => void; closed: boolean }[] = [];
  const control = { fail: null as FalajError | null };
  const supervisor = new EngineSupervisor<SupervisedDoor>({
    open: async (onGone) => {
      if (control.fail !== null) throw control.fail;
      const record = { gone: onGone, closed: false };
      opened.push(record);
      return {
        socketPath: '/s',
        token: 't',
        pid: opened.length,
        close: () => Object.assign(record, { closed: true }),
      };
    },
    onTrouble: ({ kind, retryInMs }) => troubles.push({ kind, retryInMs }),
    clock: () => time.now,
    sleep: (milliseconds) => new Promise((wake) => sleeps.push({ milliseconds, wake })),
  });
  const settle = () => new Promise<void>((done) => setImmediate(done));
  return { time, sleeps, troubles, opened, control, supervisor, settle };
}

describe('the engine behind the window', () => {
  it('is opened once for any number of callers', async () => {
    const { supervisor, opened } = bench();
    const doors = await Promise.all([supervisor.door(), supervisor.door(), supervisor.door()]);
    expect(new Set(doors).size).toBe(1);
    expect(opened).toHaveLength(1);
  });

  it('is started again at once when it dies for the first time', async () => {
    const { supervisor, opened, troubles } = bench();
    await supervisor.door();
    opened[0]!.gone();
    expect((await supervisor.door()).pid).toBe(2);
    expect(troubles).toEqual([{ kind: 'gone', retryInMs: 0 }]);
  });

  it('is started more and more slowly when it keeps dying', async () => {
    const { supervisor, opened, troubles, sleeps, settle } = bench();
    await supervisor.door();
    for (let death = 0; death < 8; death += 1) {
      opened.at(-1)!.gone();
      await settle();
      sleeps.at(-1)?.wake();
      await settle();
    }
    expect(troubles.map((trouble) => trouble.retryInMs)).toEqual([...BACK_OFF_MS, 30_000, 30_000]);
  });

  it('is forgiven after a quiet minute', async () => {
    const { supervisor, opened, troubles, time } = bench();
    await supervisor.door();
    opened[0]!.gone();
    await supervisor.door();
    time.now += 61_000;
    opened[1]!.gone();
    await supervisor.door();
    expect(troubles.map((trouble) => trouble.retryInMs)).toEqual([0, 0]);
  });

  it('lets callers wait through a short restart and tells them the reason during a long one', async () => {
    const { supervisor, control, sleeps, settle, opened } = bench();
    control.fail = new FalajError('ENGINE_FAILED_TO_START', 'No such file.');
    await expect(supervisor.door()).rejects.toThrow('No such file.');
    await settle();
    expect(sleeps.at(-1)?.milliseconds).toBe(250);
    const waiting = supervisor.door(); // 250 ms: worth waiting for
    control.fail = null;
    sleeps.at(-1)!.wake();
    expect((await waiting).pid).toBe(1);

    control.fail = new FalajError('ENGINE_FAILED_TO_START', 'Still broken.');
    opened[0]!.gone();
    for (let retry = 0; retry < 3; retry += 1) {
      await settle();
      sleeps.at(-1)!.wake();
      await settle();
    }
    expect(sleeps.at(-1)!.milliseconds).toBeGreaterThan(2_000);
    await expect(supervisor.door()).rejects.toThrow('Still broken.');
  });

  it('is let go, and not started again, once the shell closes', async () => {
    const { supervisor, opened, settle } = bench();
    await supervisor.door();
    supervisor.close();
    opened[0]!.gone();
    await settle();
    expect(opened).toHaveLength(1);
    expect(opened[0]!.closed).toBe(true);
  });
});

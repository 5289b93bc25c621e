import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveEvent, LiveTopic } from '../../shared/contract/types.ts';
import { LiveConnection } from './live-connection.ts';

interface Opened {
  readonly topics: readonly LiveTopic[];
  readonly signal: AbortSignal;
  send(event: LiveEvent): void;
  fail(): void;
}

/** A stream whose far end the test holds. */
function openStream(
  topics: readonly LiveTopic[],
  signal: AbortSignal,
): { opened: Opened; events: AsyncIterable<LiveEvent> } {
  const waiting: LiveEvent[] = [];
  let failed = false;
  let wake: () => void = () => undefined;
  signal.addEventListener('abort', () => wake());
  async function* read() {
    while (!signal.aborted) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (failed) throw new TypeError('network error');
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const opened: Opened = {
    topics,
    signal,
    send(event) {
      waiting.push(event);
      wake();
    },
    fail() {
      failed = true;
      wake();
    },
  };
  return { opened, events: read() };
}

describe('the one live stream', () => {
  let streams: Opened[];
  let gaps: number;
  let refuse: boolean;
  let withheld: boolean;
  let connection: LiveConnection;

  beforeEach(() => {
    vi.useFakeTimers();
    streams = [];
    gaps = 0;
    refuse = false;
    withheld = false;
    connection = new LiveConnection({
      follow: async (topics, signal) => {
        if (refuse) throw new TypeError('refused');
        const { opened, events } = openStream(topics, signal);
        streams.push(opened);
        if (!withheld) opened.send(heartbeat);
        return events;
      },
      onGap: () => {
        gaps++;
      },
      backOffMs: [100, 400],
      silenceMs: 10_000,
    });
  });

  afterEach(() => {
    connection.close();
    vi.useRealTimers();
  });

  const heartbeat: LiveEvent = { topic: 'heartbeat', at: 1 };
  const changed = (room: 'data' | 'jobs'): LiveEvent => ({ topic: 'changes', room });

  it('asks for the union of topics once and hands events to their listeners', async () => {
    const heard: LiveEvent[] = [];
    connection.subscribe({ topic: 'changes' }, (event) => heard.push(event));
    connection.subscribe({ topic: 'telemetry' }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    expect(streams).toHaveLength(1);
    expect(streams[0]?.topics.map(({ topic }) => topic)).toEqual(['changes', 'telemetry']);
    streams[0]?.send(changed('data'));
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([changed('data')]);
    expect(connection.health.getState().health).toBe('open');
  });

  it('opens the new stream before it lets the old one go when topics change', async () => {
    connection.subscribe({ topic: 'changes' }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    const stop = connection.subscribe({ topic: 'log', job: 'a', after: 0 }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    expect(streams).toHaveLength(2);
    expect(streams[0]?.signal.aborted).toBe(true);
    expect(connection.health.getState().health).toBe('open');
    stop();
    await vi.advanceTimersByTimeAsync(50);
    expect(streams.at(-1)?.topics).toEqual([{ topic: 'changes' }]);
    expect(gaps).toBe(1);
  });

  it('keeps the old stream until the new one has begun, and hears what comes between', async () => {
    const heard: LiveEvent[] = [];
    connection.subscribe({ topic: 'changes' }, (event) => heard.push(event));
    await vi.advanceTimersByTimeAsync(50);
    withheld = true;
    connection.subscribe({ topic: 'log', job: 'a', after: 0 }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    expect(streams).toHaveLength(2);
    expect(streams[0]?.signal.aborted).toBe(false);
    streams[0]?.send(changed('data'));
    await vi.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([changed('data')]);
    streams[1]?.send(heartbeat);
    await vi.advanceTimersByTimeAsync(1);
    expect(streams[0]?.signal.aborted).toBe(true);
  });

  it('says that what was asked before it began may be old', async () => {
    withheld = true;
    connection.subscribe({ topic: 'changes' }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    expect([gaps, connection.health.getState().health]).toEqual([0, 'connecting']);
    streams[0]?.send(heartbeat);
    await vi.advanceTimersByTimeAsync(1);
    expect([gaps, connection.health.getState().health]).toEqual([1, 'open']);
  });

  it('comes back after a loss with growing pauses and says that there was a gap', async () => {
    connection.subscribe({ topic: 'changes' }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    refuse = true;
    streams[0]?.fail();
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.health.getState().health).toBe('lost');
    await vi.advanceTimersByTimeAsync(100);
    refuse = false;
    await vi.advanceTimersByTimeAsync(390);
    expect(streams).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(streams).toHaveLength(2);
    expect(connection.health.getState().health).toBe('open');
    expect(gaps).toBe(2);
  });

  it('takes long silence for a dead stream', async () => {
    connection.subscribe({ topic: 'changes' }, () => undefined);
    await vi.advanceTimersByTimeAsync(50);
    await vi.advanceTimersByTimeAsync(9_000);
    streams[0]?.send(heartbeat);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(streams).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(streams).toHaveLength(2);
  });
});

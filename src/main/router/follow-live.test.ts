import { describe, expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import type { LiveEvent, LiveTopic } from '../../shared/contract/types.ts';
import { followLive } from './follow-live.ts';

function follow(topics: LiveTopic[], heartbeatMs = 10_000) {
  const engine = new TinyEngine();
  const controller = new AbortController();
  const stream = followLive(engine.asHosted(), topics, {
    signal: controller.signal,
    heartbeatMs,
    clock: () => 7,
  });
  const next = async (): Promise<LiveEvent | undefined> => (await stream.next()).value ?? undefined;
  return { engine, controller, stream, next };
}

const sample = (at: number): LiveEvent => ({
  topic: 'telemetry',
  sample: {
    at,
    cpuUtilization: 0,
    cpuPerCore: [],
    memoryUsedBytes: 1,
    memoryTotalBytes: 2,
    engineRssBytes: 1,
    diskFreeBytes: null,
    accelerators: [],
  },
});

describe('following live events', () => {
  it('begins with a heartbeat, after which nothing is missed', async () => {
    const { engine, next } = follow([{ topic: 'changes' }]);
    expect(await next()).toEqual({ topic: 'heartbeat', at: 7 });
    engine.bus.notify('data');
    engine.bus.notify('models');
    expect(await next()).toEqual({ topic: 'changes', room: 'data' });
    expect(await next()).toEqual({ topic: 'changes', room: 'models' });
  });

  it('gives a slow reader the newest sample and the newest state of each job', async () => {
    const { engine, next } = follow([{ topic: 'telemetry' }, { topic: 'jobs' }]);
    await next();
    for (let at = 0; at < 1000; at++) engine.bus.publish(sample(at));
    engine.bus.publish({ topic: 'jobs', job: engine.job('a', 'running') });
    engine.bus.publish({ topic: 'jobs', job: engine.job('b', 'running') });
    engine.bus.publish({ topic: 'jobs', job: engine.job('a', 'succeeded') });
    expect(await next()).toEqual(sample(999));
    expect(await next()).toMatchObject({ job: { id: 'b', state: 'running' } });
    expect(await next()).toMatchObject({ job: { id: 'a', state: 'succeeded' } });
  });

  it('leaves out topics that nobody asked for', async () => {
    const { engine, next } = follow([{ topic: 'metrics', run: 'r1' }]);
    await next();
    engine.bus.notify('data');
    engine.bus.publish({ topic: 'metrics', run: 'r2', metric: 'auc', step: 1, value: 0.5 });
    engine.bus.publish({ topic: 'metrics', run: 'r1', metric: 'auc', step: 1, value: 0.7 });
    expect(await next()).toMatchObject({ run: 'r1', value: 0.7 });
  });

  it('gives every log line once and in order, those before it began included', async () => {
    const { engine, next } = follow([{ topic: 'log', job: 'j', after: 0 }]);
    const line = (sequence: number) => ({
      sequence,
      at: '2026-01-01T00:00:00.000Z',
      level: 'info' as const,
      text: `line ${sequence}`,
    });
    for (let sequence = 1; sequence <= 1200; sequence++) engine.logLines.push(line(sequence));
    await next();
    for (let sequence = 1; sequence <= 1200; sequence++)
      expect(await next()).toEqual({ topic: 'log', job: 'j', line: line(sequence) });
    engine.logLines.push(line(1201), line(1202));
    engine.bus.publish({ topic: 'log', job: 'j', line: line(1201) });
    engine.bus.publish({ topic: 'log', job: 'j', line: line(1202) });
    expect(await next()).toMatchObject({ line: { sequence: 1201 } });
    expect(await next()).toMatchObject({ line: { sequence: 1202 } });
  });

  it('samples the devices only while somebody follows them', async () => {
    const first = follow([{ topic: 'jobs' }]);
    await first.next();
    expect(first.engine.telemetryFollowers).toBe(0);
    const { engine, next, controller, stream } = follow([{ topic: 'telemetry' }]);
    await next();
    expect(engine.telemetryFollowers).toBe(1);
    const waiting = stream.next();
    controller.abort();
    expect((await waiting).done).toBe(true);
    expect(engine.telemetryFollowers).toBe(0);
  });

  it('beats while nothing happens', async () => {
    const { next } = follow([{ topic: 'jobs' }], 5);
    expect(await next()).toMatchObject({ topic: 'heartbeat' });
    expect(await next()).toMatchObject({ topic: 'heartbeat' });
  });
});

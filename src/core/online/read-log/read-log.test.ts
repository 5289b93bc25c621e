import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OnlineFixture } from '../../../../test/fixtures/online-fixture.ts';
import { OnlineRoom, PushLog } from '../index.ts';

const definitions = (log: string): string => `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: visits
entities: [shop]
source: {push: true}
ttl: 1h
features:
  - {name: count, type: int64}
  - {name: note, type: string}
---
kind: FeatureService
name: visiting
features: ["visits:*"]
${log}
`;

const KEYS = [{ shop: 'Dubai' }, { shop: 'Ajman' }];

let fixture: OnlineFixture;

beforeEach(async () => {
  fixture = await OnlineFixture.open();
});
afterEach(() => {
  fixture.online.stop();
  fixture.parts.close();
});

const logged = () => fixture.online.service({ name: 'visiting' }).log;
const stored = (): number =>
  fixture.parts.store.statement<{ rows: number }>('SELECT count(*) AS rows FROM read_log').get()!.rows;
const bodies = (): unknown[] =>
  fixture.parts.store
    .statement<{ body: string }>('SELECT body FROM read_log ORDER BY id')
    .all()
    .map(({ body }) => JSON.parse(body) as unknown);

/** The room as after a restart, or with another choice of reads. */
const roomOf = (random?: () => number): OnlineRoom =>
  new OnlineRoom({
    ...fixture.parts,
    clock: () => fixture.nowMs,
    data: fixture.data,
    features: fixture.features,
    log: new PushLog(fixture.parts.store, fixture.parts.blobs),
    ...(random === undefined ? {} : { random }),
  });

describe('the log of online reads', () => {
  it('keeps nothing unless the service says so', async () => {
    fixture.apply(definitions(''));
    await fixture.read({ service: 'visiting', keys: KEYS });
    await fixture.online.close();
    expect(logged()).toEqual({ rows: 0, firstRead: null, lastRead: null, dropped: 0, failure: null });
  });

  it('keeps keys, values and statuses, and writes them only after the read', async () => {
    fixture.apply(definitions('log: {sample: 1}'));
    await fixture.push('visits', [{ shop: 'Dubai', event_time: '2026-01-09T23:59:00Z', count: 3 }]);
    await fixture.read({ service: 'visiting', keys: KEYS });
    expect(stored()).toBe(0);
    // They count at once: the page of the service need not wait for the disk.
    const { rows, firstRead, lastRead } = logged();
    expect([rows, firstRead !== null, lastRead !== null]).toEqual([2, true, true]);
    await fixture.online.close();
    expect(logged()).toMatchObject({ rows, firstRead, lastRead });
    expect(bodies()).toEqual([
      [['Dubai'], [3, null], 'PN'],
      [['Ajman'], [null, null], 'FF'],
    ]);
    expect(logged()).toMatchObject({ rows: 2, firstRead: '2026-01-10T00:00:00Z' });
  });

  it('writes by itself a moment later', async () => {
    fixture.apply(definitions('log: {sample: 1}'));
    await fixture.read({ service: 'visiting', keys: KEYS });
    await expect.poll(stored, { timeout: 5000 }).toBe(2);
  });

  it('leaves out questions about the past, and requests that name no service', async () => {
    fixture.apply(definitions('log: {sample: 1}'));
    await fixture.read({ service: 'visiting', keys: KEYS, at: '2026-01-09T00:00:00Z' });
    await fixture.read({ features: ['visits:*'], keys: KEYS });
    await fixture.online.close();
    expect(stored()).toBe(0);
  });

  it('keeps the share that is asked for', async () => {
    fixture.apply(definitions('log: {sample: 0.25}'));
    let call = 0;
    const online = roomOf(() => (call++ % 8) / 8);
    await online.online({ service: 'visiting', keys: Array.from({ length: 80 }, () => KEYS[0]!) });
    await online.close();
    expect(stored()).toBe(20);
  });

  it('drops and counts what a burst brings beyond its memory', async () => {
    fixture.apply(definitions('log: {sample: 1}'));
    const keys = Array.from({ length: 10_000 }, () => KEYS[0]!);
    // A slow machine does not write meanwhile, and so makes a burst of it.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    for (let times = 0; times < 17; times++) await fixture.read({ service: 'visiting', keys });
    await fixture.online.close();
    const { rows, dropped } = logged();
    expect(rows + dropped).toBe(170_000);
    expect(dropped).toBeGreaterThan(0);
    expect(rows).toBeGreaterThan(160_000);
  }, 60_000);

  it('removes what is older than its retention, by the definition in force, and goes on after a restart', async () => {
    fixture.apply(definitions('log: {sample: 1, retention: 2d}'));
    await fixture.read({ service: 'visiting', keys: KEYS });
    fixture.nowMs += 86_400_000;
    await fixture.read({ service: 'visiting', keys: KEYS });
    await fixture.online.close();
    const reopened = roomOf();
    reopened.keepRetention();
    expect(stored()).toBe(4);
    fixture.apply(definitions('log: {sample: 1, retention: 12h}'));
    reopened.keepRetention();
    expect(stored()).toBe(2);
    fixture.nowMs += 86_400_000;
    fixture.apply(definitions(''));
    reopened.keepRetention();
    // Switched off: for as long as it was said while it was on.
    expect(stored()).toBe(2);
    fixture.nowMs += 2 * 86_400_000;
    reopened.keepRetention();
    expect(stored()).toBe(0);
    reopened.stop();
  });

  it('goes on reading when the log cannot be written, and says so', async () => {
    fixture.apply(definitions('log: {sample: 1}'));
    fixture.parts.store
      .statement("CREATE TRIGGER refuse BEFORE INSERT ON read_log BEGIN SELECT RAISE(ABORT, 'refused'); END")
      .run();
    expect(await fixture.read({ service: 'visiting', keys: KEYS })).toHaveLength(2);
    await fixture.online.close();
    expect(logged()).toMatchObject({ rows: 0, dropped: 2, failure: expect.any(String) as string });
  });

  it('is metadata of the service: switching it on makes no new version', () => {
    fixture.apply(definitions(''));
    const text = definitions('log: {sample: 0.5, retention: 7d}');
    const plan = fixture.features.plan({ documents: [{ file: 'falaj.yaml', text }], prune: false });
    expect(plan.at(-1)).toEqual({
      kind: 'FeatureService',
      name: 'visiting',
      change: 'update',
      differences: ['log: ∅ → {"sample":0.5,"retention":"7d"}'],
    });
    fixture.apply(text);
    expect(fixture.features.service({ name: 'visiting' })).toMatchObject({ version: 1 });
  });

  it.each(['{sample: 0}', '{sample: 1.5}', '{retention: 0d}', '{keep: 3d}'])('refuses log: %s', (log) => {
    expect(() => fixture.apply(definitions(`log: ${log}`))).toThrow(
      expect.objectContaining({ code: 'BAD_DEFINITION' }) as Error,
    );
  });
});

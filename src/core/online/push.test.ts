import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import type { Column } from '../../shared/table/column.ts';

const DEFINITIONS = `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: Entity
name: pair
keys: [{name: a, type: int64}, {name: b, type: int64}]
---
kind: FeatureView
name: visits
entities: [shop]
source: {push: true}
features:
  - {name: count, type: int64}
  - {name: note, type: string}
  - {name: mean_1h, aggregate: {fn: mean, of: spent, window: 1h}}
---
kind: FeatureView
name: route
entities: [pair]
source: {push: true}
ttl: 7d
features: [{name: delay}]
---
kind: FeatureView
name: world
entities: []
source: {push: true}
features: [{name: rate}]
---
kind: FeatureService
name: visiting
features: ["visits:*"]
---
kind: FeatureService
name: trip
features:
  - {view: visits, as: from, keys: {shop: origin}, features: [count]}
  - {view: visits, as: to, keys: {shop: destination}, features: [count]}
  - "world:rate"
`;

let fixture: OnlineFixture;

const open = async (): Promise<void> => {
  fixture = await OnlineFixture.open();
  fixture.apply(DEFINITIONS);
};
const close = (): void => fixture.parts.close();

const materialize = (input: { view?: string; since?: string; until?: string } = {}) =>
  fixture.online.materialize(fixture.work, input);

const shops = (...names: string[]): Column => ({
  name: 'shop',
  type: 'string',
  validity: null,
  values: Uint32Array.from(names.keys()),
  dictionary: names,
});

const visit = (
  shop: string,
  at: string,
  count: number | null,
  more: Record<string, string | number> = {},
) => ({
  shop,
  event_time: at,
  count,
  ...more,
});

describe('pushing', () => {
  beforeEach(open);
  afterEach(close);

  it('C24: keeps the newer value online when an older one comes later, and both in the history', async () => {
    await fixture.push('visits', [visit('Dubai', '2026-01-09T12:00:00Z', 2)]);
    await fixture.push('visits', [visit('Dubai', '2026-01-09T11:00:00Z', 1)]);
    const [row] = await fixture.read({ features: ['visits:count'], keys: [{ shop: 'Dubai' }] });
    expect(row).toMatchObject({
      values: { visits__count: 2 },
      eventTime: { visits: '2026-01-09T12:00:00Z' },
    });
    const offline = await fixture.offline('visiting', [shops('Dubai')], fixture.nowMs * 1000);
    expect(offline).toMatchObject([{ visits__count: 2 }]);
    const sample = await fixture.features.sample({ name: 'visits' });
    expect(sample.rows.map((cells) => cells[1])).toEqual(['2026-01-09T12:00:00Z', '2026-01-09T11:00:00Z']);
    const { rowsImportedAt } = fixture.features
      .views()
      .find(({ definition }) => definition.name === 'visits')!;
    expect(Date.parse(rowsImportedAt!)).toBe(fixture.nowMs);
  });

  it('C23: tells a value at the end of its life from one that is a microsecond older', async () => {
    await fixture.push('route', [{ a: 1, b: 2, event_time: '2026-01-01T12:00:00Z', delay: 5 }]);
    const read = async (at: string) =>
      (await fixture.read({ features: ['route:delay'], keys: [{ a: 1, b: 2 }], at }))[0];
    expect(await read('2026-01-08T12:00:00Z')).toMatchObject({ status: { route__delay: 'NOT_FOUND' } });
    fixture.apply(DEFINITIONS.replace('ttl: 7d', 'ttl: 10d'));
    expect(await read('2026-01-11T12:00:00Z')).toMatchObject({
      values: { route__delay: 5 },
      status: { route__delay: 'PRESENT' },
    });
    expect(await read('2026-01-11T12:00:00.000001Z')).toMatchObject({
      values: { route__delay: null },
      status: { route__delay: 'EXPIRED' },
      eventTime: { route: '2026-01-01T12:00:00Z' },
    });
  });

  it('counts rows that came before and leaves them out', async () => {
    const rows = [visit('Dubai', '2026-01-09T12:00:00Z', 2), visit('Dubai', '2026-01-09T12:00:00Z', 3)];
    expect(await fixture.push('visits', rows)).toEqual({ view: 'visits', rows: 2, added: 2, duplicates: 0 });
    fixture.nowMs += 60_000;
    expect(await fixture.push('visits', rows)).toMatchObject({ added: 0, duplicates: 2 });
    expect(fixture.parts.audit.list({ action: 'features.push' }).entries).toHaveLength(1);
    expect(fixture.online.state({ name: 'visits' })).toMatchObject({ rows: 2, entities: 1, waitingRows: 0 });
    // Of two rows of one instant that came together the later one holds.
    const [row] = await fixture.read({ features: ['visits:count'], keys: [{ shop: 'Dubai' }] });
    expect(row!.values).toEqual({ visits__count: 3 });
  });

  it('keeps a row of the near future until its time has come', async () => {
    await fixture.push('visits', [visit('Dubai', '2026-01-09T23:00:00Z', 1)]);
    await fixture.push('visits', [visit('Dubai', '2026-01-10T00:04:00Z', 2)]);
    const count = async (at: string) =>
      (await fixture.read({ features: ['visits:count'], keys: [{ shop: 'Dubai' }], at }))[0]!.values[
        'visits__count'
      ];
    expect(await count('2026-01-10T00:03:59.999999Z')).toBe(1);
    expect(await count('2026-01-10T00:04:00Z')).toBe(2);
    await expect(
      fixture.push('visits', [visit('Dubai', '2026-01-10T00:05:00.000001Z', 3)]),
    ).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Row 1: "event_time"'),
    });
  });

  it('uses one view twice under two names, and a global one beside them', async () => {
    await fixture.push('visits', [
      visit('Dubai', '2026-01-09T12:00:00Z', 2),
      visit('Ajman', '2026-01-09T12:00:00Z', 7),
    ]);
    await fixture.push('world', [{ event_time: '2026-01-09T12:00:00Z', rate: 0.5 }]);
    const [row] = await fixture.read({ service: 'trip', keys: [{ origin: 'Dubai', destination: 'Ajman' }] });
    expect(row!.values).toEqual({ from__count: 2, to__count: 7, world__rate: 0.5 });
    expect(Object.keys(row!.eventTime)).toEqual(['from', 'to', 'world']);
  });

  it('C13: gives composite keys their own values', async () => {
    const at = '2026-01-09T12:00:00Z';
    await fixture.push('route', [
      { a: 1, b: 23, event_time: at, delay: 1 },
      { a: 12, b: 3, event_time: at, delay: 2 },
    ]);
    const rows = await fixture.read({
      features: ['route:delay'],
      keys: [
        { a: 12, b: 3 },
        { a: 1, b: 23 },
        { a: null, b: 3 },
      ],
    });
    expect(rows.map(({ values }) => values['route__delay'])).toEqual([2, 1, null]);
    expect(rows[2]!.status).toEqual({ route__delay: 'NOT_FOUND' });
  });

  it('of a file are refused with the row of an endless number', async () => {
    const file = fixture.file(
      'endless.csv',
      'shop,event_time,count,spent\nDubai,2026-01-09T09:00:00Z,1,2.5\nDubai,2026-01-09T10:00:00Z,1,inf\n',
    );
    await expect(fixture.online.pushFile(fixture.work, { view: 'visits', file })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'Row 2: "spent" is not a finite number.',
    });
  });

  it('takes files as an import reads them', async () => {
    const file = fixture.file(
      'visits.csv',
      'shop,event_time,count,spent\nDubai,2026-01-09T12:00:00Z,4,\nAjman,2026-01-09T12:00:00Z,,2\n',
    );
    expect(await fixture.online.pushFile(fixture.work, { view: 'visits', file })).toMatchObject({ added: 2 });
    const rows = await fixture.read({
      features: ['visits:count'],
      keysFile: file,
      at: '2026-01-10T00:00:00Z',
    });
    expect(
      rows.map(({ keys, values, status }) => [
        keys['shop'],
        values['visits__count'],
        status['visits__count'],
      ]),
    ).toEqual([
      ['Dubai', 4, 'PRESENT'],
      ['Ajman', null, 'NULL'],
    ]);
  });

  it('takes a long file in batches, none of it if a row is wrong, and the rest of one that was stopped', async () => {
    const lines = Array.from(
      { length: 25_000 },
      (_, row) =>
        `shop ${row % 50},2026-01-09T${String(10 + (row % 12))}:00:00.${String(row).padStart(6, '0')}Z,${row},`,
    );
    const write = (name: string, rows: readonly string[]): string =>
      fixture.file(name, `shop,event_time,count,spent\n${rows.join('\n')}\n`);
    const bad = write('bad.csv', [...lines, 'Dubai,2036-01-09T12:00:00Z,1,']);
    await expect(fixture.online.pushFile(fixture.work, { view: 'visits', file: bad })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('Row 25001'),
    });
    expect(fixture.online.state({ name: 'visits' }).rows).toBe(0);

    const file = write('good.csv', lines);
    const stop = new AbortController();
    const stopped = fixture.online.pushFile(
      { ...fixture.work, signal: stop.signal, progress: ({ done }) => done !== undefined && stop.abort() },
      { view: 'visits', file },
    );
    await expect(stopped).rejects.toThrow();
    expect(fixture.online.state({ name: 'visits' }).rows).toBe(10_000);
    expect(await fixture.online.pushFile(fixture.work, { view: 'visits', file })).toMatchObject({
      rows: 25_000,
      added: 15_000,
      duplicates: 10_000,
    });
    const [row] = await fixture.read({ features: ['visits:count'], keys: [{ shop: 'shop 7' }] });
    // The last one of that shop in the latest hour, 21.
    expect(row!.values['visits__count']).toBe(24_707);
  });

  it('keeps what came under an earlier definition', async () => {
    await fixture.push('visits', [visit('Dubai', '2026-01-09T12:00:00Z', 2)]);
    fixture.apply(
      DEFINITIONS.replace(
        '  - {name: note, type: string}\n  - {name: mean_1h',
        '  - {name: loud, type: bool}\n  - {name: mean_1h',
      ),
    );
    await expect(fixture.push('visits', [visit('Dubai', '2026-01-09T13:00:00Z', 3)])).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await materialize({ view: 'visits' });
    await fixture.push('visits', [{ ...visit('Ajman', '2026-01-09T13:00:00Z', 3), loud: true }]);
    const rows = await fixture.read({
      features: ['visits:count', 'visits:loud'],
      keys: [{ shop: 'Dubai' }, { shop: 'Ajman' }],
    });
    expect(rows.map(({ values }) => values)).toEqual([
      { visits__count: 2, visits__loud: null },
      { visits__count: 3, visits__loud: true },
    ]);
    fixture.apply(DEFINITIONS.replace('{name: count, type: int64}', '{name: count, type: string}'));
    await expect(materialize({ view: 'visits' })).rejects.toMatchObject({ code: 'TYPE_MISMATCH' });
  });
});

describe('rows that cannot be right', () => {
  beforeAll(open);
  afterAll(close);

  const good = visit('Dubai', '2026-01-09T12:00:00Z', 2);
  it.each([
    ['a missing key', [{ event_time: good.event_time }], 'UNKNOWN_COLUMN', 'Row 1: "shop" is missing'],
    [
      'a misspelt field',
      [good, { ...good, cuont: 1 }],
      'UNKNOWN_COLUMN',
      'Row 2: view "visits" has no column "cuont"',
    ],
    ['an empty key', [good, { ...good, shop: null }], 'BAD_INPUT', 'Row 2: "shop" is empty'],
    ['no event time', [{ ...good, event_time: null }], 'BAD_INPUT', 'Row 1: "event_time" is empty'],
    [
      'a time that is a number',
      [{ ...good, event_time: 1_767_000_000 }],
      'TYPE_MISMATCH',
      'Row 1: "event_time" is timestamp',
    ],
    [
      'a time that is none',
      [{ ...good, event_time: '2026-13-45T00:00:00Z' }],
      'BAD_INPUT',
      'Row 1: "event_time"',
    ],
    [
      'a number as text',
      [{ ...good, count: '7' }],
      'TYPE_MISMATCH',
      'Row 1: "count" is int64, but the value given is text',
    ],
    ['decimals for a whole number', [{ ...good, count: 1.5 }], 'TYPE_MISMATCH', 'Row 1: "count" is int64'],
    [
      'a whole number that JSON has rounded',
      [{ ...good, count: 2 ** 60 }],
      'TYPE_MISMATCH',
      'Row 1: "count" is int64, but the value given is a number beyond 2^53, which JSON may have rounded',
    ],
    [
      'a row known in the future',
      [{ ...good, known_time: '2027-01-01' }],
      'BAD_INPUT',
      'Row 1: "known_time"',
    ],
  ])(
    'are refused: %s, with row and field, and nothing of the batch is taken',
    async (_what, rows, code, message) => {
      await expect(fixture.push('visits', rows as (typeof good)[])).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
      expect(fixture.online.state({ name: 'visits' })).toMatchObject({ status: 'empty', rows: 0 });
    },
  );

  it('are told with the name that was meant', async () => {
    await expect(fixture.push('visits', [{ ...good, cuont: 1 }])).rejects.toMatchObject({
      hint: 'Did you mean "count"?',
    });
    await expect(fixture.push('vists', [good])).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'Did you mean "visits"?',
    });
  });
});

describe('asking', () => {
  beforeAll(open);
  afterAll(close);

  it.each([
    [
      'an unknown feature',
      { features: ['visits:cuont'], keys: [{ shop: 'a' }] },
      'NOT_FOUND',
      'Did you mean "count"?',
    ],
    [
      'an unknown service',
      { service: 'visitng', keys: [{ shop: 'a' }] },
      'NOT_FOUND',
      'Did you mean "visiting"?',
    ],
    [
      'a misspelt key',
      { service: 'visiting', keys: [{ shpo: 'a' }] },
      'UNKNOWN_COLUMN',
      'There is "shpo" instead: rename it to "shop".',
    ],
    [
      'a key of another type',
      { service: 'visiting', keys: [{ shop: 7 }] },
      'TYPE_MISMATCH',
      'Write it in quotes.',
    ],
    ['no keys', { service: 'visiting' }, 'BAD_INPUT', expect.stringContaining('entities')],
    ['nothing', { keys: [{ shop: 'a' }] }, 'BAD_INPUT', expect.stringContaining('--service')],
  ])('refuses %s', async (_what, input, code, hint) => {
    await expect(fixture.read(input)).rejects.toMatchObject({ code, hint });
  });

  it('finds nothing in a view to which nothing was pushed', async () => {
    const [row] = await fixture.read({ service: 'visiting', keys: [{ shop: 'Dubai' }] });
    expect(row!.status).toEqual({
      visits__count: 'NOT_FOUND',
      visits__note: 'NOT_FOUND',
      visits__mean_1h: 'NOT_FOUND',
    });
  });
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../../test/fixtures/engine-parts.ts';
import type { SetWarning } from '../../../../shared/contract/types.ts';
import { DataRoom, dataMigrations } from '../../../data/index.ts';
import type { JobContext } from '../../../jobs/index.ts';
import { registryMigrations } from '../../../registry/index.ts';
import { FeatureRoom, featuresMigrations } from '../../index.ts';

const ENTITY = 'kind: Entity\nname: shop\nkeys: [{name: shop, type: string}]\n';
const view = (name: string, dataset: string, features: string, more = ''): string =>
  `---\nkind: FeatureView\nname: ${name}\nentities: [shop]\nsource: {dataset: ${dataset}}\n${more}features: [${features}]\n`;

const ORDERS = 60;
const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const at = (minutes: number): string => new Date(START_MS + minutes * MINUTE_MS).toISOString();
/** Without a period, and unlike the row's number. */
const amountOf = (order: number): number => (order * 37) % 101;
const isLate = (order: number): boolean => amountOf(order) % 7 > 4;

let parts: EngineParts;
let data: DataRoom;
let features: FeatureRoom;

const context = (more: Partial<JobContext> = {}): JobContext => ({
  id: 'job',
  signal: new AbortController().signal,
  progress: () => undefined,
  log: () => undefined,
  ...more,
});
function file(name: string, lines: readonly string[]): string {
  const target = path.join(parts.folder, name);
  writeFileSync(target, `${lines.join('\n')}\n`);
  return target;
}
const everyOrder = <Value>(of: (order: number) => Value): Value[] =>
  Array.from({ length: ORDERS }, (_, order) => of(order));
const importRows = (name: string, lines: readonly string[], knownTime?: string) =>
  data.import(context(), {
    name,
    files: [file(`${name}.csv`, lines)],
    eventTime: 'at',
    knownTime,
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
const apply = (...texts: string[]): void =>
  void features.apply({
    documents: [{ file: 'falaj.yaml', text: [ENTITY, ...texts].join('') }],
    prune: false,
  });
/** One order an hour; its label is known, and of others the features are asked for at its time. */
const entities = (): string =>
  file('entities.csv', [
    'shop,event_time,late',
    ...everyOrder((order) => `Dubai,${at(60 * order)},${isLate(order)}`),
  ]);
const check = (asked: {
  features?: string[];
  service?: string;
  without?: string[];
  asKnown?: string;
  label?: string;
}) => features.check(context(), { entities: entities(), eventTime: 'event_time', rows: 5, ...asked });
const codes = (warnings: readonly SetWarning[]): string[] => warnings.map(({ code }) => code);

beforeEach(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
});
afterEach(() => parts.close());

describe('a feature that became known after the rows that it was given to', () => {
  /** True half an hour before each order, written down two hours after that: 90 minutes after the order. */
  const history = (): string[] => [
    'shop,at,booked_at,amount',
    `Dubai,${at(-600)},${at(-599)},1`,
    ...everyOrder((order) => `Dubai,${at(60 * order - 30)},${at(60 * order + 90)},${amountOf(order)}`),
  ];
  beforeEach(async () => {
    await importRows('booked', history(), 'booked_at');
    await importRows('plain', history());
    apply(
      view(
        'booked',
        'booked',
        '{name: amount}, {name: sum_1h, aggregate: {fn: sum, of: amount, window: 1h}}',
      ),
      view('plain', 'plain', '{name: amount}'),
    );
  });

  it('is found with how many rows and by how much', async () => {
    const { warnings } = await check({ features: ['booked:*'] });
    expect(warnings).toEqual([
      {
        code: 'KNOWN_LATER',
        severity: 'leak',
        view: 'booked',
        columns: ['booked__amount', 'booked__sum_1h'],
        rows: ORDERS,
        of: ORDERS,
        medianLatenessMs: 90 * MINUTE_MS,
      },
    ]);
  });

  it('is found behind a cut-off that comes after the rows, for the rows before it', async () => {
    const { warnings } = await check({ features: ['booked:*'], asKnown: at(60 * 30) });
    // The amount at hour 28 was known by hour 29.5: too late for hour 28, and for hour 29, which gets no newer one.
    expect(warnings).toMatchObject([{ code: 'KNOWN_LATER', rows: 30 }]);
  });

  it('is gone when each row is cut at its own time', async () => {
    const { warnings, features: checked } = await check({ features: ['booked:*'], asKnown: 'row' });
    expect(warnings).toEqual([]);
    expect(checked.map(({ name, view: of, expired }) => [name, of, expired])).toEqual([
      ['booked__amount', 'booked', 0],
      ['booked__sum_1h', 'booked', 0],
    ]);
  });

  it('cannot be told of where nothing says when it became known', async () => {
    const { warnings } = await check({ features: ['plain:amount'] });
    expect(warnings).toEqual([
      {
        code: 'KNOWN_TIME_UNKNOWN',
        severity: 'note',
        view: 'plain',
        columns: ['plain__amount'],
        rows: ORDERS,
        of: ORDERS,
      },
    ]);
  });
});

describe('a feature that tells the label', () => {
  beforeEach(async () => {
    await importRows(
      'facts',
      [
        'shop,at,booked_at,amount,outcome,refund,remark',
        ...everyOrder((order) =>
          [
            'Dubai',
            at(60 * order - 30),
            at(60 * order - 30),
            amountOf(order),
            isLate(order),
            isLate(order) ? amountOf(order + 5) : '',
            isLate(order) ? 'sorry' : 'thanks',
          ].join(','),
        ),
      ],
      'booked_at',
    );
    apply(
      view(
        'facts',
        'facts',
        '{name: amount}, {name: outcome, type: bool}, {name: refund}, {name: remark, type: string}',
      ),
      '---\nkind: FeatureService\nname: orders\nfeatures: [{view: facts, as: order}]\n',
    );
  });

  it('is found by its values, by being there at all, and by being the same', async () => {
    const result = await check({ service: 'orders', label: 'late' });
    expect(result.label).toEqual({ name: 'late', sampledRows: ORDERS });
    expect(
      result.warnings.map((warning) =>
        warning.code === 'LABEL_IN_FEATURES'
          ? [warning.columns, warning.measure, warning.strength, warning.rows]
          : warning,
      ),
    ).toEqual([
      [['order__outcome'], 'identical', 1, ORDERS],
      [['order__refund'], 'presence', 1, ORDERS],
      [['order__remark'], 'lambda', 1, ORDERS],
    ]);
  });

  it('is not looked for without a label, and can be left out', async () => {
    expect((await check({ service: 'orders' })).warnings).toEqual([]);
    const without = ['order__outcome', 'order__refund', 'order__remark'];
    const { warnings, features: checked } = await check({ service: 'orders', label: 'late', without });
    expect(warnings).toEqual([]);
    expect(checked.map(({ name }) => name)).toEqual(['order__amount']);
    await expect(check({ service: 'orders', without: ['order__outcom'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'Did you mean "order__outcome"?',
    });
  });

  it('is not judged when the label says too little', async () => {
    const few = file('few.csv', ['shop,event_time,late', `Dubai,${at(60)},true`, `Dubai,${at(120)},false`]);
    const { warnings } = await features.check(context(), {
      features: ['facts:outcome'],
      entities: few,
      eventTime: 'event_time',
      label: 'late',
      rows: 5,
    });
    expect(warnings).toEqual([{ code: 'LABEL_NOT_CHECKED', severity: 'note', label: 'late', rows: 2 }]);
  });

  it('is refused as a label when there is no such column', async () => {
    await expect(check({ service: 'orders', label: 'lat' })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      hint: 'Did you mean "late"?',
    });
  });
});

describe('a window that holds the very row', () => {
  const WINDOWS =
    '{name: mean_1d, aggregate: {fn: mean, of: delay, window: 1d}}, {name: before_1d, aggregate: {fn: mean, of: delay, window: 1d, exclusive: true}}';

  it('is a leak when the rows come from the table that it is computed over', async () => {
    await importRows('orders', [
      'shop,at,delay',
      ...everyOrder((order) => `Dubai,${at(60 * order)},${amountOf(order)}`),
    ]);
    apply(view('delays', 'orders', `${WINDOWS}, {name: delay}`));
    const { warnings } = await check({ features: ['delays:*'], label: 'late' });
    expect(warnings).toMatchObject([
      {
        code: 'AT_THE_LABEL_TIME',
        severity: 'leak',
        columns: ['delays__mean_1d'],
        through: 'window',
        dataset: 'orders',
        isOwnRow: true,
        rows: ORDERS,
        of: ORDERS,
      },
      {
        code: 'AT_THE_LABEL_TIME',
        severity: 'attention',
        columns: ['delays__delay'],
        through: 'row',
        isOwnRow: true,
      },
      { code: 'KNOWN_TIME_UNKNOWN' },
    ]);
  });

  it('is only noted when the rows come from elsewhere', async () => {
    await importRows('weather', [
      'shop,at,delay',
      ...everyOrder((order) => `Dubai,${at(60 * order)},${amountOf(order)}`),
    ]);
    apply(view('delays', 'weather', WINDOWS));
    const elsewhere = file('entities.csv', [
      'order,shop,event_time',
      ...everyOrder((order) => `${order},Dubai,${at(60 * order)}`),
    ]);
    const { warnings } = await features.check(context(), {
      features: ['delays:*'],
      entities: elsewhere,
      eventTime: 'event_time',
      rows: 5,
    });
    expect(warnings).toContainEqual(
      expect.objectContaining({ code: 'AT_THE_LABEL_TIME', severity: 'note', isOwnRow: false }),
    );
  });
});

describe('a check', () => {
  beforeEach(async () => {
    await importRows('facts', [
      'shop,at,amount',
      ...everyOrder((order) => `Dubai,${at(60 * order - 30)},${amountOf(order)}`),
    ]);
    apply(view('facts', 'facts', '{name: amount}', 'ttl: 45m\n'));
  });

  it('shows the first rows and counts what is missing and what had expired', async () => {
    const entitiesFile = file('entities.csv', [
      'shop,event_time',
      `Dubai,${at(0)}`,
      `Dubai,${at(16)}`,
      `Sharjah,${at(0)}`,
      'Dubai,',
    ]);
    const result = await features.check(context({ id: 'one' }), {
      features: ['facts:amount'],
      entities: entitiesFile,
      eventTime: 'event_time',
      rows: 2,
    });
    expect(result).toMatchObject({
      rows: 4,
      rowsWithoutTime: 1,
      label: null,
      features: [{ name: 'facts__amount', type: 'int64', view: 'facts', nulls: 3, expired: 1 }],
    });
    expect(features.checkedRows({ job: 'one' })).toEqual({
      columns: [
        { name: 'shop', type: 'string' },
        { name: 'event_time', type: 'timestamp' },
        { name: 'facts__amount', type: 'int64' },
      ],
      rows: [
        ['Dubai', at(0).replace('.000', ''), 0],
        ['Dubai', at(16).replace('.000', ''), null],
      ],
      totalRows: 4,
    });
    expect(() => features.checkedRows({ job: 'another' })).toThrow('no longer kept');
  });

  it('writes nothing and can be stopped', async () => {
    const entries = parts.store.statement<{ n: number }>('SELECT count(*) AS n FROM audit_entry');
    const before = entries.get()!.n;
    const codesFound = codes((await check({ features: ['facts:amount'] })).warnings);
    expect(codesFound).toEqual(['KNOWN_TIME_UNKNOWN']);
    expect(entries.get()!.n).toBe(before);
    const stopping = new AbortController();
    const stopped = features.check(
      context({
        signal: stopping.signal,
        progress: ({ step }) => {
          if (step === 'check') stopping.abort();
        },
      }),
      { features: ['facts:amount'], entities: entities(), eventTime: 'event_time', label: 'late', rows: 5 },
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is of the set that is then built and can be verified, with what was left out', async () => {
    apply(view('facts', 'facts', '{name: amount}, {name: twice, expression: "amount * 2"}'));
    await features.historical(context(), {
      features: ['facts:*'],
      without: ['facts__twice'],
      entities: entities(),
      eventTime: 'event_time',
      out: path.join(parts.folder, 'set.parquet'),
      receipt: path.join(parts.folder, 'set.receipt.json'),
      names: 'full',
    });
    const [kept] = features.sets();
    expect(kept).toMatchObject({ service: null, features: ['facts:*'], rows: ORDERS, columns: 4, run: null });
    const receipt = features.receipt({ id: kept!.id });
    expect(receipt.query.without).toEqual(['facts__twice']);
    expect(receipt.features.map(({ name }) => name)).toEqual(['facts__amount']);
    expect(await features.verify(context(), { receipt: `training-set/${kept!.id}` })).toMatchObject({
      verified: true,
    });
  });
});

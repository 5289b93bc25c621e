import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../../test/fixtures/silent-job.ts';
import { trainingSetReceipt } from '../../../shared/contract/receipts.ts';
import { DataRoom, dataMigrations } from '../../data/index.ts';
import { registryMigrations } from '../../registry/index.ts';
import { FeatureRoom, featuresMigrations } from '../index.ts';

const DEFINITIONS = `kind: Entity
name: meter
keys: [{name: meter, type: int64}]
---
kind: FeatureView
name: load
entities: [meter]
source: {dataset: readings}
features: [{name: kw}, {name: max_kw, aggregate: {fn: max, of: kw, window: 1h}}]
---
kind: FeatureService
name: forecast
features: ["load:*"]
`;
const READINGS = `meter,at,kw
7,2026-01-01T08:00:00Z,1.5
8,2026-01-01T08:00:00Z,nan
9,2026-01-01T08:00:00Z,inf
10,2026-01-01T08:00:00Z,
`;
const T = '2026-01-01T08:30:00Z';

let parts: EngineParts;
let features: FeatureRoom;
let before: string[];

const at = (name: string): string => path.join(parts.folder, name);
const file = (name: string, content: string): string => {
  writeFileSync(at(name), content);
  return at(name);
};

interface Asked {
  readonly service?: string;
  readonly features?: string[];
  readonly entities?: string;
  readonly eventTime?: string;
  readonly out?: string;
  readonly asKnown?: string;
  readonly progress?: () => void;
}

const build = ({ progress = () => undefined, ...asked }: Asked) =>
  features.historical(
    { ...context, progress },
    {
      ...(asked.service === undefined && asked.features === undefined ? { service: 'forecast' } : {}),
      entities: at('entities.csv'),
      eventTime: 'event_time',
      out: at('out.csv'),
      receipt: at('receipt.json'),
      names: 'full',
      ...asked,
    },
  );

/** The error, and that nothing at all was written. */
async function refused(asked: Asked): Promise<unknown> {
  before = readdirSync(parts.folder);
  const error = await build(asked).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(readdirSync(parts.folder)).toEqual(before);
  expect(features.receipts()).toEqual([]);
  expect(parts.audit.list({ action: 'features' }).entries).toEqual([]);
  return error;
}

beforeAll(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  const data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  await data.import(context, {
    name: 'readings',
    files: [file('readings.csv', READINGS)],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
  features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
});
beforeEach(() => file('entities.csv', `meter,event_time\n7,${T}\n8,${T}\n9,${T}\n10,${T}\n`));
afterAll(() => parts.close());

describe('a request that names what is not there', () => {
  it.each([
    ['a view', { features: ['laod:kw'] }, 'NOT_FOUND', 'Did you mean "load"?'],
    ['a feature', { features: ['load:kv'] }, 'NOT_FOUND', 'Did you mean "kw"?'],
    ['a service', { service: 'forecasts' }, 'NOT_FOUND', 'Did you mean "forecast"?'],
    ['a version', { features: ['load@3:kw'] }, 'NOT_FOUND', 'Known is version 1.'],
    ['a feature without its view', { features: ['kw'] }, 'BAD_INPUT', 'Write view:feature'],
    ['too many parts', { features: ['load:kw:1'] }, 'BAD_INPUT', 'Write view:feature'],
    ['no features at all', { features: [] }, 'BAD_INPUT', 'Say --service NAME'],
    ['a version that is none', { features: ['load@latest:kw'] }, 'BAD_INPUT', 'name@version'],
    ['a time that is none', { asKnown: 'yesterday' }, 'BAD_INPUT', 'or row for each row’s own time'],
    ['an output of no format', { out: 'set.docx' }, 'UNSUPPORTED_FORMAT', 'Known are'],
  ])('is refused for %s, with what may be meant', async (_what, asked, code, hint) => {
    expect(await refused(asked)).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });
});

describe('entities', () => {
  it.each([
    [
      'without the key',
      `metre,event_time\n7,${T}\n`,
      'UNKNOWN_COLUMN',
      'no column "meter" for key "meter" of view "load"',
    ],
    [
      'without a time',
      'meter,event_tme\n7,x\n',
      'UNKNOWN_COLUMN',
      'no column "event_time" for the event time',
    ],
    [
      'whose time is text',
      'meter,event_time\n7,2026-01-01\n7,soon\n',
      'TYPE_MISMATCH',
      'is string, not a time (row 2 is no ISO-8601)',
    ],
    ['whose time is a number', 'meter,event_time\n7,1767225600\n', 'TYPE_MISMATCH', 'is int64, not a time'],
    [
      'whose key has a fraction',
      `meter,event_time\n7,${T}\n8.5,${T}\n`,
      'TYPE_MISMATCH',
      'row 2 is not a whole number',
    ],
    [
      'whose key is too great',
      `meter,event_time\n7,${T}\n99999999999999999999,${T}\n`,
      'TYPE_MISMATCH',
      'row 2 does not fit 64 bits',
    ],
    [
      'whose key is text',
      `meter,event_time\nseven,${T}\n`,
      'TYPE_MISMATCH',
      'is string, but key "meter" is int64',
    ],
    ['of no bytes', '', 'NO_ROWS', '"entities.csv" is empty'],
    ['of no rows', 'meter,event_time\n', 'NO_ROWS', '"entities.csv" has columns but no rows'],
    [
      'with a line too short',
      `meter,event_time,a\n7,${T},1\n7\n`,
      'MALFORMED_FILE',
      'Line 3 of "entities.csv"',
    ],
  ])('%s are refused, naming file and place', async (_what, text, code, message) => {
    file('entities.csv', text);
    const error = await refused({});
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((error as Error).message).toContain('entities.csv');
  });

  it('suggest the column that may be meant', async () => {
    file('entities.csv', 'meter,event_tme\n7,x\n');
    expect(await refused({})).toMatchObject({
      hint: 'Did you mean "event_tme"? Name it with --event-time.',
    });
  });

  it('with a column that a feature is called are refused with a way out', async () => {
    file('entities.csv', `meter,event_time,load__kw\n7,${T},1\n`);
    expect(await refused({})).toMatchObject({
      code: 'CONFLICT',
      hint: expect.stringContaining('Rename that column of the entities'),
    });
  });

  it('replaced while they are read are refused', async () => {
    const rows = Array.from({ length: 200_000 }, (_, row) => `${row},${T}`).join('\n');
    const other = file('other.csv', `meter,event_time\n${rows}\n`);
    file('entities.csv', `meter,event_time\n${rows}\n`);
    const content = readFileSync(other);
    before = readdirSync(parts.folder);
    let replaced = false;
    const replace = setInterval(() => {
      replaced = true;
      writeFileSync(at('next.csv'), content);
      renameSync(at('next.csv'), at('entities.csv'));
    }, 20);
    await expect(build({}).finally(() => clearInterval(replace))).rejects.toMatchObject({
      code: 'FILE_CHANGED_WHILE_READING',
      message: '"entities.csv" changed while it was being read.',
    });
    expect(replaced).toBe(true);
    expect(readdirSync(parts.folder)).toEqual(before);
  });

  it('of ten thousand columns keep them all', async () => {
    const names = Array.from({ length: 10_000 }, (_, column) => `c${column}`);
    file(
      'entities.csv',
      `meter,event_time,${names.join(',')}\n7,${T},${names.map((_, index) => index).join(',')}\n`,
    );
    expect(await build({ out: at('wide.csv') })).toMatchObject({ rows: 1, columns: 10_004 });
  });

  it('with a key that is null or unknown keep their rows', async () => {
    file('entities.csv', `meter,event_time\n7,${T}\n,${T}\n404,${T}\n`);
    await build({ out: at('nulls.csv') });
    expect(
      readFileSync(at('nulls.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[2]),
    ).toEqual(['1.5', '', '']);
  });
});

describe('features that are no ordinary numbers', () => {
  it('are told apart from what is missing', async () => {
    await build({ out: at('odd.csv') });
    const { features: figures } = trainingSetReceipt.parse(
      JSON.parse(readFileSync(at('receipt.json'), 'utf8')),
    );
    expect(figures).toMatchObject([{ name: 'load__kw', nulls: 1 }, { name: 'load__max_kw' }]);
    expect(
      readFileSync(at('odd.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[2]),
    ).toEqual(['1.5', 'nan', 'inf', '']);
    expect(await features.verify(context, { receipt: at('receipt.json') })).toMatchObject({ verified: true });
  });
});

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../../test/fixtures/silent-job.ts';
import { trainingSetReceipt } from '../../../shared/contract/receipts.ts';
import type { TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { DataRoom, dataMigrations } from '../../data/index.ts';
import { registryMigrations } from '../../registry/index.ts';
import { FeatureRoom, featuresMigrations } from '../index.ts';

const ENTITY = `kind: Entity
name: shop
keys: [{name: shop, type: string}]
`;
/** Rows of `booked` say when they became known, rows of `plain` do not. */
const view = (name: string, ttl = '3h', feature = '{name: amount}'): string => `kind: FeatureView
name: ${name}
entities: [shop]
source: {dataset: ${name}}
ttl: ${ttl}
features: [${feature}]
`;
const SERVICE = `kind: FeatureService
name: buying
features: ["booked:*", {view: plain, as: other}]
`;
const documents = (...texts: string[]): string => texts.join('---\n');
const ALL = documents(ENTITY, view('booked'), view('plain'), SERVICE);

const HEAD = 'shop,at,booked_at,amount\n';
const FIRST = `Dubai,2026-01-01T08:00:00Z,2026-01-01T08:05:00Z,10
Dubai,2026-01-01T09:00:00Z,2026-01-01T09:05:00Z,20
Sharjah,2026-01-01T06:00:00Z,2026-01-01T06:01:00Z,5
`;
/** What came later: an older time, and a correction of a time that was there. */
const BACKFILL = `Dubai,2026-01-01T08:30:00Z,2026-01-02T00:00:00Z,15
Dubai,2026-01-01T09:00:00Z,2026-01-02T00:00:00Z,99
Ajman,2026-01-01T09:00:00Z,2026-01-02T00:00:00Z,7
`;
const ENTITIES = `order,shop,event_time
c,Sharjah,2026-01-01T10:00:00Z
a,Dubai,2026-01-01T10:00:00Z
a,Dubai,2026-01-01T10:00:00Z
b,Ajman,2026-01-01T10:00:00Z
d,,2026-01-01T10:00:00Z
e,Dubai,
`;

let parts: EngineParts;
let data: DataRoom;
let features: FeatureRoom;

const at = (name: string): string => path.join(parts.folder, name);
const file = (name: string, content: string): string => {
  writeFileSync(at(name), content);
  return at(name);
};
const importRows = (name: 'booked' | 'plain', rows: string) =>
  data.import(context, {
    name,
    files: [file(`${name}.csv`, HEAD + rows)],
    eventTime: 'at',
    ...(name === 'booked' ? { knownTime: 'booked_at' } : {}),
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
const apply = (text: string): void =>
  void features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });

interface Asked {
  readonly asKnown?: string;
  readonly features?: string[];
  readonly out?: string;
  readonly names?: 'full' | 'feature';
}

const build = async (asked: Asked = {}): Promise<TrainingSetReceipt> => {
  await features.historical(context, {
    ...(asked.features === undefined ? { service: 'buying' } : { features: asked.features }),
    entities: at('entities.csv'),
    eventTime: 'event_time',
    out: at(asked.out ?? 'out.csv'),
    names: asked.names ?? 'full',
    receipt: at('receipt.json'),
    ...(asked.asKnown === undefined ? {} : { asKnown: asked.asKnown }),
  });
  return trainingSetReceipt.parse(JSON.parse(readFileSync(at('receipt.json'), 'utf8')));
};
const verify = (more: { entities?: string; out?: string } = {}) =>
  features.verify(context, { receipt: at('receipt.json'), ...more });
const column = (name: string, index: number): string[] =>
  readFileSync(at(name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[index]!);

beforeEach(async () => {
  parts = await openParts([dataMigrations, featuresMigrations, registryMigrations]);
  data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  await importRows('booked', FIRST);
  await importRows('plain', FIRST);
  apply(ALL);
  file('entities.csv', ENTITIES);
});
afterEach(() => parts.close());

describe('a receipt', () => {
  it('says what was asked, what it was made of and what came out', async () => {
    const receipt = await build({ asKnown: 'row' });
    expect(receipt).toMatchObject({
      workspace: parts.vault.workspaceId,
      run: null,
      query: { service: 'buying', features: null, eventTime: 'event_time', names: 'full', asKnown: 'row' },
      data: [
        { view: 'booked', name: 'booked', version: 1, rows: 3, sequence: 3 },
        { view: 'other', name: 'plain', version: 1, rows: 3, sequence: 3 },
      ],
      spine: { source: { kind: 'file', file: at('entities.csv') }, rows: 6, rowsWithoutTime: 1 },
      output: { rows: 6 },
      features: [
        { name: 'booked__amount', nulls: 4, expired: 1 },
        { name: 'other__amount', nulls: 4, expired: 1 },
      ],
    });
    expect(
      receipt.definitions.map(({ kind, reference, version, ttl }) => [kind, reference, version, ttl]),
    ).toEqual([
      ['FeatureService', 'buying', 1, null],
      ['FeatureView', 'booked', 1, '3h'],
      ['Entity', 'shop', 1, null],
      ['FeatureView', 'plain', 1, '3h'],
    ]);
    expect(receipt.output.columns.map(({ name }) => name)).toEqual([
      'order',
      'shop',
      'event_time',
      'booked__amount',
      'other__amount',
    ]);
    expect(receipt.data[0]?.digest).toBe(data.get({ name: 'booked' }).digest);
  });

  it('is canonical, on record with its hash, and without any value', async () => {
    const receipt = await build();
    const text = readFileSync(at('receipt.json'), 'utf8');
    expect(text.startsWith('{"builtAt":"2026-')).toBe(true);
    expect(text).not.toContain('Dubai');
    const [entry] = parts.audit.list({ action: 'features.receipt' }).entries;
    expect(entry).toMatchObject({ details: { rows: 6, contentHash: receipt.output.contentHash } });
    expect(features.receipts().map((kept) => kept.receipt)).toEqual([receipt]);
  });

  it('has another ttl when that alone changed, for the same version of the view', async () => {
    const before = await build();
    apply(view('booked', '5h'));
    const after = await build();
    const ofView = (receipt: TrainingSetReceipt) => receipt.definitions.find(({ name }) => name === 'booked');
    expect([ofView(before), ofView(after)]).toMatchObject([
      { version: 1, revision: 1, ttl: '3h' },
      { version: 1, revision: 2, ttl: '5h' },
    ]);
    expect(after.output.contentHash).not.toBe(before.output.contentHash);
  });

  it('gives the same content hash for CSV and Parquet, and for the same set built twice', async () => {
    const first = await build();
    const second = await build({ out: 'out.parquet' });
    expect(second.output).toEqual(first.output);
    expect(second.builtAt).not.toBe(first.builtAt);
  });

  it('leaves neither set nor receipt behind when one of them cannot be written', async () => {
    const before = readdirSync(parts.folder);
    const asked = {
      service: 'buying',
      entities: at('entities.csv'),
      eventTime: 'event_time',
      names: 'full',
    } as const;
    await expect(
      features.historical(context, { ...asked, out: at('out.csv'), receipt: at('missing/receipt.json') }),
    ).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(
      features.historical(context, { ...asked, out: at('missing/out.csv'), receipt: at('receipt.json') }),
    ).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(
      features.historical(context, { ...asked, out: at('out.csv'), receipt: at('entities.csv') }),
    ).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(readdirSync(parts.folder)).toEqual(before);
    expect(features.receipts()).toEqual([]);
  });
});

describe('verifying a receipt', () => {
  it('finds the same bytes', async () => {
    const { output } = await build();
    expect(await verify()).toEqual({
      verified: true,
      differences: [],
      recorded: expect.objectContaining({ contentHash: output.contentHash }),
      rebuilt: { rows: 6, contentHash: output.contentHash, contentBytes: output.contentBytes },
      file: null,
    });
  });

  it('takes the recorded definitions and data, not the newest', async () => {
    await build({ features: ['booked:*', 'plain:amount'] });
    await importRows('plain', FIRST.replace(',20', ',21'));
    apply(documents(view('booked', '3h', '{name: amount, expression: "amount * 2"}'), view('plain', '1h')));
    expect(await verify()).toMatchObject({ verified: true });
    expect((await build({ features: ['booked:*', 'plain:amount'] })).definitions).toMatchObject([
      { reference: 'booked', version: 2 },
      {},
      { reference: 'plain', version: 1, revision: 2 },
    ]);
  });

  it('holds after a restart, also once the definitions were deleted', async () => {
    await build();
    features.apply({ documents: [{ file: 'falaj.yaml', text: ENTITY }], prune: true });
    expect(features.views()).toEqual([]);
    features = new FeatureRoom({ ...parts, data: new DataRoom(parts) });
    expect(await verify()).toMatchObject({ verified: true });
  });

  it('takes the entities from elsewhere and can write the set again', async () => {
    await build();
    renameSync(at('entities.csv'), at('moved.csv'));
    await expect(verify()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    const again = await verify({ entities: at('moved.csv'), out: at('again.csv') });
    expect(again).toMatchObject({ verified: true, file: at('again.csv') });
    expect(readFileSync(at('again.csv'))).toEqual(readFileSync(at('out.csv')));
  });

  it.each([
    ['a value of the entities', ENTITIES.replace('c,Sharjah', 'z,Sharjah'), 'order', 'other values in order'],
    ['a row less', ENTITIES.slice(0, ENTITIES.lastIndexOf('e,')), '', '5 rows instead of 6'],
    ['another column', ENTITIES.replace('order', 'number'), '', 'number'],
  ])('refuses %s and says where', async (_what, entities, name, message) => {
    await build();
    file('entities.csv', entities);
    const result = await verify();
    expect(result).toMatchObject({ verified: false, rebuilt: null, differences: [{ kind: 'spine' }] });
    expect(result.differences[0]?.name).toContain(name);
    expect(result.differences[0]?.message).toContain(message);
  });

  it.each([
    [
      'its figures',
      (receipt: TrainingSetReceipt) => ({ ...receipt, output: { ...receipt.output, rows: 7 } }),
    ],
    [
      'its query',
      (receipt: TrainingSetReceipt) => ({ ...receipt, query: { ...receipt.query, asKnown: null } }),
    ],
    [
      'its signature',
      (receipt: TrainingSetReceipt) => ({ ...receipt, signature: { ...receipt.signature, value: 'AAAA' } }),
    ],
  ])('sees that %s were changed', async (_what, change) => {
    file('receipt.json', JSON.stringify(change(await build({ asKnown: 'row' }))));
    expect(await verify()).toMatchObject({ verified: false, differences: [{ kind: 'signature' }] });
  });

  it('does not believe the key of another workspace', async () => {
    await build();
    const stranger = await openParts([dataMigrations, featuresMigrations, registryMigrations], {
      ownKeys: true,
    });
    const other = new FeatureRoom({ ...stranger, data: new DataRoom(stranger) });
    expect(await other.verify(context, { receipt: at('receipt.json') })).toMatchObject({
      differences: [{ kind: 'signature', message: 'The receipt was signed by another workspace.' }],
    });
    stranger.close();
  });

  it('says which data is gone', async () => {
    await build();
    data.remove({ name: 'plain' });
    expect(await verify()).toMatchObject({
      verified: false,
      differences: [{ kind: 'data', name: 'plain@1', message: 'Version 1 of dataset "plain" is gone.' }],
    });
  });

  it('says which definition is gone, or no longer what it was', async () => {
    await build();
    const forge = (sql: string) => parts.store.statement(sql).run();
    forge(`UPDATE feature_definition_version SET body = replace(body, '3h', '9h') WHERE name = 'booked'`);
    forge(`DELETE FROM feature_definition_version WHERE name = 'plain'`);
    const { differences } = await verify();
    expect(differences.map(({ kind, message }) => [kind, message])).toEqual([
      ['definition', 'FeatureView "booked", version 1, is not what it was.'],
      ['definition', 'FeatureView "plain", version 1, is gone.'],
    ]);
  });

  it.each([
    ['no JSON', 'rows: 3'],
    ['something else', '{"format":"falaj-model/1"}'],
    ['a longer receipt', null],
  ])('refuses %s in place of a receipt', async (_what, text) => {
    const receipt = await build();
    file('receipt.json', text ?? JSON.stringify({ ...receipt, note: 'mine' }));
    await expect(verify()).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
  });
});

describe('what was known', () => {
  const K = '2026-01-01T12:00:00Z';
  const bytes = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(at(name)))
      .digest('hex');

  it('C18: a back-fill with an older event time and a newer known time does not win', async () => {
    await importRows('booked', FIRST + BACKFILL.split('\n')[0]!);
    await build({ features: ['booked:amount'] });
    expect(column('out.csv', 3)).toEqual(['', '20', '20', '', '', '']);
  });

  it('C19: a row known a microsecond after the cut-off is ignored, and the one before it is used', async () => {
    const late = 'Dubai,2026-01-01T09:30:00Z,2026-01-01T12:00:00.000001Z,77\n';
    await importRows('booked', `${FIRST}${late}`);
    await build({ features: ['booked:amount'], asKnown: K });
    expect(column('out.csv', 3)).toEqual(['', '20', '20', '', '', '']);
    await build({ features: ['booked:amount'], asKnown: '2026-01-01T12:00:00.000001Z' });
    expect(column('out.csv', 3)).toEqual(['', '77', '77', '', '', '']);
  });

  it.each([
    ['csv', undefined],
    ['csv', K],
    ['csv', 'row'],
    ['parquet', K],
  ])('C20: a %s set as known %s is the same, byte for byte, after a back-fill', async (format, asKnown) => {
    const out = `out.${format}`;
    const asked = { out, ...(asKnown === undefined ? {} : { asKnown }) };
    const before = await build(asked);
    await importRows('booked', FIRST + BACKFILL);
    await importRows('plain', FIRST + BACKFILL);
    const rebuilt = await verify({ out: at(`again.${format}`) });
    expect(rebuilt).toMatchObject({ verified: true, rebuilt: { contentHash: before.output.contentHash } });
    expect(bytes(`again.${format}`)).toBe(bytes(out));
  });

  it('rebuilds a set from what was known then, without its receipt', async () => {
    const before = await build({
      asKnown: new Date(parts.clock()).toISOString(),
      features: ['plain:amount'],
    });
    await importRows('plain', FIRST + BACKFILL);
    const after = await build({ asKnown: before.query.asKnown!, features: ['plain:amount'] });
    expect(after.output).toEqual(before.output);
    expect(after.data).toMatchObject([{ name: 'plain', version: 1, sequence: 3 }]);
    expect((await build({ features: ['plain:amount'] })).output).not.toEqual(before.output);
  });

  it('is nothing before the first import of a dataset whose rows do not say it', async () => {
    const receipt = await build({ asKnown: '2025-12-31T00:00:00Z', features: ['plain:amount'] });
    expect(receipt).toMatchObject({ data: [{ sequence: 0 }], features: [{ nulls: 6, expired: 0 }] });
    await importRows('plain', FIRST + BACKFILL);
    expect(await verify()).toMatchObject({ verified: true });
  });

  it('is not asked of an import when each row asks as of its own time', async () => {
    await build({ asKnown: 'row', features: ['plain:amount'] });
    expect(column('out.csv', 3)).toEqual(['', '20', '20', '', '', '']);
  });
});

describe('versions of a view', () => {
  it('can be asked for side by side with the one in force', async () => {
    apply(view('booked', '3h', '{name: amount, expression: "amount * 2"}'));
    apply(`kind: FeatureService
name: both
features: [{view: booked@1, as: old}, "booked:amount", {view: booked@2, as: new}]
`);
    const receipt = await build({ features: ['booked@1:amount'] });
    expect(receipt.definitions[0]).toMatchObject({ reference: 'booked@1', version: 1 });
    expect(column('out.csv', 3)[1]).toBe('20');
    await features.historical(context, {
      service: 'both',
      entities: at('entities.csv'),
      eventTime: 'event_time',
      out: at('both.csv'),
      names: 'full',
    });
    expect(readFileSync(at('both.csv'), 'utf8').split('\n')[2]).toMatch(/^a,Dubai,.*,20,40,40$/);
    await expect(build({ features: ['booked@1:amount', 'booked:amount'] })).rejects.toMatchObject({
      code: 'BAD_DEFINITION',
    });
    await expect(build({ features: ['booked@7:amount'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'Known are versions 1, 2.',
    });
  });

  it('are shown with what each changed', () => {
    apply(view('booked', '5h'));
    apply(view('booked', '5h', '{name: amount, expression: "amount * 2"}'));
    const shown = features.view({ name: 'booked' });
    expect(shown.version).toBe(2);
    expect(shown.usedBy).toEqual(['buying']);
    expect(shown.history.map(({ version, inForce, differences }) => [version, inForce, differences])).toEqual(
      [
        [2, true, ['features.amount.expression: ∅ → "amount * 2"']],
        [1, false, ['ttl: "3h" → "5h"']],
        [1, false, []],
      ],
    );
    expect(features.view({ name: 'booked@1' })).toMatchObject({
      version: 1,
      usedBy: [],
      definition: { ttl: '5h' },
    });
  });

  it('can be sampled', async () => {
    apply(view('booked', '3h', '{name: double, expression: "amount * 2"}'));
    const sample = await features.sample({ name: 'booked@1', limit: 1 });
    expect(sample.columns.map(({ name }) => name)).toEqual(['shop', 'at', 'booked__amount']);
  });
});

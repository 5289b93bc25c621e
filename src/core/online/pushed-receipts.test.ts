import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import { trainingSetReceipt } from '../../shared/contract/receipts.ts';

const view = (features: string): string => `
kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: visits
entities: [shop]
source: {push: true}
features:
${features}
---
kind: FeatureView
name: busy
entities: [shop]
source: {view: visits}
features: [{name: many, type: bool, expression: "count > 3"}]
`;
const COUNT = '  - {name: count, type: int64}';

let fixture: OnlineFixture;
beforeEach(async () => {
  fixture = await OnlineFixture.open();
  fixture.apply(view(COUNT));
  await fixture.push('visits', [visit('08:00', 3), visit('09:00', 5)]);
});
afterEach(() => fixture.parts.close());

const visit = (time: string, count: number) => ({
  shop: 'A1',
  event_time: `2026-01-09T${time}:00Z`,
  known_time: `2026-01-09T${time}:00Z`,
  count,
});
const at = (name: string): string => path.join(fixture.parts.folder, name);

async function build(features = ['visits:count', 'busy:many']) {
  await fixture.features.historical(fixture.work, {
    features,
    entities: fixture.file(
      'asked.csv',
      'shop,event_time\nA1,2026-01-09T08:30:00Z\nA1,2026-01-09T12:00:00Z\n',
    ),
    eventTime: 'event_time',
    asKnown: 'row',
    out: at('set.csv'),
    names: 'full',
    receipt: at('receipt.json'),
  });
  return trainingSetReceipt.parse(JSON.parse(readFileSync(at('receipt.json'), 'utf8')));
}
const verify = () =>
  fixture.features.verify(fixture.work, { receipt: at('receipt.json'), out: at('again.csv') });

describe('a receipt of a set that reads pushed rows', () => {
  it('names how many there were, and is built again with those, whatever came since', async () => {
    const receipt = await build();
    expect(receipt.data).toMatchObject([
      { view: 'visits', through: ['visits'], name: 'push:visits', version: 2, rows: 2, sequence: 2 },
      { view: 'busy', through: ['busy', 'visits'], name: 'push:visits', version: 2, rows: 2, sequence: 2 },
    ]);
    // It would be the answer to the second question now.
    await fixture.push('visits', [visit('11:00', 1)]);
    expect(await verify()).toMatchObject({ verified: true, differences: [] });
    expect(readFileSync(at('again.csv'), 'utf8')).toBe(readFileSync(at('set.csv'), 'utf8'));
    const later = await build();
    expect(later.data[0]).toMatchObject({ version: 3 });
    expect(later.output.contentHash).not.toBe(receipt.output.contentHash);
  });

  it('holds also when the view has come to read other columns', async () => {
    await build(['visits:count']);
    fixture.apply(view(`${COUNT}\n  - {name: note, type: string}`));
    await fixture.online.materialize(fixture.work, { view: 'visits' });
    await fixture.push('visits', [{ ...visit('11:00', 1), note: 'late' }]);
    expect(await verify()).toMatchObject({ verified: true });
  });

  it('does not hold for other rows, or fewer', async () => {
    await build(['visits:count']);
    const { store } = fixture.parts;
    const edit = (sql: string): void => store.transaction(() => void store.statement(sql).run());
    edit('UPDATE push_row SET row = zeroblob(length(row)) WHERE sequence = 1');
    expect(await verify()).toMatchObject({
      verified: false,
      differences: [{ kind: 'data', message: 'What was pushed to "visits" has other rows than it had.' }],
    });
    edit('UPDATE push_view SET rows = 1');
    expect(await verify()).toMatchObject({
      verified: false,
      differences: [{ kind: 'data', message: 'What was pushed to "visits" is gone.' }],
    });
  });
});

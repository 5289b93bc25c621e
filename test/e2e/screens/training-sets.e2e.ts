import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { falaj, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';

const ROWS = 80;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const hour = (hours: number): string => new Date(START_MS + hours * 3_600_000).toISOString();
const isLate = (order: number): boolean => (order * 37) % 101 > 60;

const DEFINITIONS = `kind: Entity
name: shop
keys: [{name: shop, type: string}]
---
kind: FeatureView
name: shop_orders
entities: [shop]
source: {dataset: shop_orders}
features:
  - {name: amount}
  - {name: outcome, type: bool}
---
kind: FeatureService
name: shops_v1
features: ["shop_orders:*"]
`;

/** Written down two hours after it was true, and with what is to be predicted among its columns. */
async function prepare(workspace: string): Promise<string> {
  const folder = temporaryFolder();
  const orders = Array.from({ length: ROWS }, (_, order) => order);
  const file = (name: string, lines: readonly string[]): string => {
    writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
    return path.join(folder, name);
  };
  const data = file('shop_orders.csv', [
    'shop,at,booked_at,amount,outcome',
    ...orders.map((order) =>
      ['Dubai', hour(order - 0.5), hour(order + 1.5), (order * 53) % 89, isLate(order)].join(','),
    ),
  ]);
  file('entities.csv', [
    'shop,event_time,late',
    ...orders.map((order) => `Dubai,${hour(order)},${isLate(order)}`),
  ]);
  const definitions = file('falaj.yaml', [DEFINITIONS]);
  const run = (...args: string[]) =>
    falaj([...args, '--workspace', workspace, '--quiet'], { FALAJ_PASSPHRASE: PASSPHRASE });
  await run(
    'data',
    'import',
    data,
    '--name',
    'shop_orders',
    '--event-time',
    'at',
    '--known-time',
    'booked_at',
  );
  await run('apply', '-f', definitions);
  return folder;
}

test('a training set is checked, rid of its leaks, built and verified', async ({ demoHost, enter }) => {
  const folder = await prepare(demoHost.workspace);
  const page = await enter(demoHost, '/features');
  await page
    .getByRole('article')
    .filter({ hasText: 'shops_v1' })
    .getByRole('link', { name: 'Build a training set' })
    .click();
  await expect(page.getByRole('heading', { name: 'Build a training set' })).toBeVisible();
  await expect(page.getByText('Look before you build')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('textbox', { name: 'File of rows' }).fill(path.join(folder, 'missing.csv'));
  await expect(page.getByRole('alert')).toContainText('missing.csv');
  await page.getByRole('textbox', { name: 'File of rows' }).fill(path.join(folder, 'entities.csv'));
  await expect(page.getByRole('combobox', { name: 'Time of each row' })).toHaveValue('event_time');
  await page.getByRole('combobox', { name: 'Label' }).click();
  await page.getByRole('option', { name: 'late' }).click();
  await page.getByText('All there is').click();
  await page.getByRole('button', { name: 'Check', exact: true }).click();

  const findings = page.getByRole('list', { name: 'Findings' });
  await expect(page.getByText('2 leaks found')).toBeVisible();
  await expect(findings.getByRole('listitem')).toHaveCount(2);
  await expect(findings.getByText(`${String(ROWS)} of ${String(ROWS)} rows`)).toContainText('1 h 30 min');
  await expect(findings.getByText('the same column as late')).toBeVisible();
  const grid = page.getByRole('grid', { name: 'First rows of the training set' });
  await expect(grid.getByRole('columnheader', { name: 'shop_orders__outcome' })).toContainText('0.0 % null');
  await expect(grid.getByRole('row')).not.toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Build despite the leaks' })).toBeVisible();
  await expectAccessible(page);

  await findings.getByRole('button', { name: 'Use only what was known by then' }).click();
  await expect(page.getByText('No leak found')).toBeVisible();
  await page.getByText('All there is').click();
  await expect(page.getByText('Changed since this check')).toBeVisible();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await findings
    .getByRole('listitem')
    .filter({ hasText: 'Gives the label away' })
    .getByRole('button', { name: 'Leave it out' })
    .click();
  await expect(page.getByText('1 leak found')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Put shop_orders__outcome back' })).toBeVisible();
  await findings.getByRole('button', { name: 'Use only what was known by then' }).click();
  await expect(page.getByText('No leak found')).toBeVisible();

  await page.getByRole('textbox', { name: 'Write to' }).fill(path.join(folder, 'set.parquet'));
  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await expect(page.getByText(`${String(ROWS)} rows written`)).toBeVisible();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('The same, byte for byte')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('link', { name: 'Receipt', exact: true }).click();
  await expect(page).toHaveURL(/\/features\/~training-sets\/[0-9a-f]{32}$/);
  await expect(page.getByRole('heading', { name: 'shops_v1' })).toBeVisible();
  await expect(page.getByText('shop_orders__outcome')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'shop_orders__amount' })).toBeVisible();
  await expectAccessible(page);
});

test('features are ticked one by one, and the address keeps them', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/departures');
  await page.getByRole('link', { name: 'Build a training set' }).click();
  await expect(page.getByText('7 features chosen')).toBeVisible();
  await page.getByRole('textbox', { name: 'Find a feature' }).fill('departures 3h');
  await page.getByRole('checkbox', { name: 'departures', exact: true }).uncheck();
  await expect(page.getByText('5 features chosen')).toBeVisible();
  await page.reload();
  await expect(page.getByText('5 features chosen')).toBeVisible();
  await expectAccessible(page);
});

test('the builder reads from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/~training-sets/build?service=delay_v1', { language: 'ar' });
  await expect(page.getByRole('heading', { name: 'بناء مجموعة تدريب' })).toBeVisible();
  const [choice, build] = await Promise.all([
    page.getByRole('group', { name: 'السمات' }).boundingBox(),
    page.getByRole('region', { name: 'بناء مجموعة تدريب' }).boundingBox(),
  ]);
  expect(choice!.x).toBeGreaterThan(build!.x);
  await expect(page.getByRole('button', { name: 'فحص', exact: true })).toBeDisabled();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'مجموعات التدريب' }).click();
  await page.getByRole('row').filter({ hasText: 'delay_v1' }).first().click();
  await page.getByRole('button', { name: 'تحقّق' }).click();
  await expect(page.getByText('مطابقة حرفًا بحرف')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
});

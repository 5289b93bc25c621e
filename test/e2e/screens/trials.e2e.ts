import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { byChance, visitLines } from '../../fixtures/visit-lines.ts';
import { type EngineHost, falaj, startHost, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const DEFINITION = `kind: Training
name: shop
entities: {dataset: visits}
columns: [price, town, member]
label: {column: bought}
task: binary
learner: {kind: gbdt, trees: 30}
tune: {trials: 12, pruner: none, space: {leaves: {logInt: [4, 32]}, learningRate: {logUniform: [0.02, 0.3]}}}
---
kind: Training
name: small-shop
entities: {dataset: visits}
columns: [price, town, member]
label: {column: bought}
task: binary
learner: {kind: gbdt, leaves: 4}
tune:
  objectives: [{metric: logloss}, {metric: trees}]
  folds: 3
  trials: 12
  space: {trees: {logInt: [1, 60]}, learningRate: {logUniform: [0.05, 0.5]}}
`;

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

let host: EngineHost;
let search: string;
/** Of two objectives, judged by folds. */
let wide: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const folder = temporaryFolder();
  const workspace = path.join(folder, 'workspace');
  const secret = { FALAJ_PASSPHRASE: PASSPHRASE };
  const at = ['--workspace', workspace, '--quiet'];
  writeFileSync(path.join(folder, 'visits.csv'), visitLines(3000, byChance));
  writeFileSync(path.join(folder, 'shop.yaml'), DEFINITION);
  await falaj(['init', workspace, '--name', 'shop', '--quiet'], secret);
  await falaj(
    ['data', 'import', path.join(folder, 'visits.csv'), '--name', 'visits', '--event-time', 'at', ...at],
    secret,
  );
  const searchOf = async (training: string): Promise<string> => {
    const args = ['train', training, '-f', path.join(folder, 'shop.yaml'), '--wait', '--json', ...at];
    return (JSON.parse(await falaj(args, secret)) as { tuning: { run: string } }).tuning.run;
  };
  search = await searchOf('shop');
  wide = await searchOf('small-shop');
  host = await startHost({ workspace, passphrase: PASSPHRASE });
});
test.afterAll(() => host.stop());

test('a search shows its trials, the best first, and each leads to its run', async ({ enter }) => {
  const page = await enter(host, `/runs/${search}/trials`);
  const rows = page.getByRole('grid', { name: 'Settings and result of each trial' }).getByRole('row');
  await expect(rows).toHaveCount(13);
  const values = await rows.locator('[role=gridcell]').allInnerTexts();
  expect(values.filter((text) => /^0\.\d{3,}$/.test(text.trim())).length).toBeGreaterThanOrEqual(12);
  await expectAccessible(page);
  await rows.nth(1).click();
  await expect(page).toHaveURL(new RegExp(`/runs/(?!${search})[0-9a-f]+`));
});

test('what settings explain, and the trials that no other beats, stand beside each other', async ({
  enter,
}) => {
  const page = await enter(host, `/runs/${search}/trials`);
  await expect(page.getByRole('heading', { name: 'What each setting explains' })).toBeVisible();
  const bars = page.getByRole('listitem').filter({ hasText: /%/ });
  await expect(bars).toHaveText([/leaves|learningRate/, /leaves|learningRate/, /only together/]);
  await expect(page.getByRole('img', { name: 'AUC by Seconds to fit' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Across' }).click();
  await page.getByRole('option', { name: 'Brier' }).click();
  await expect(page.getByRole('img', { name: /^AUC by Brier/ })).toBeVisible();
});

test('a search of two objectives shows its front first, and what is kept of it', async ({ enter }) => {
  const page = await enter(host, `/runs/${wide}/trials`);
  const table = page.getByRole('grid', { name: 'Settings and result of each trial' });
  await expect(table.getByRole('columnheader', { name: 'Trees learned' })).toBeVisible();
  await expect(table.getByRole('columnheader', { name: '± over folds' })).toBeVisible();
  await expect(table.getByRole('row').nth(1)).toContainText('Kept');
  await expect(table.getByText('unbeaten').first()).toBeVisible();
  await expect(page.getByRole('img', { name: 'log loss by Trees learned' })).toBeVisible();
  await expectAccessible(page);
});

test('the trials read from right to left in Arabic', async ({ enter }) => {
  const page = await enter(host, `/runs/${search}/trials`, { language: 'ar', theme: 'dark' });
  const headers = page.getByRole('grid', { name: 'إعدادات كل محاولة ونتيجتها' }).getByRole('columnheader');
  await expect(headers.first()).toBeVisible();
  const [first, last] = await Promise.all([headers.first().boundingBox(), headers.last().boundingBox()]);
  expect(first!.x).toBeGreaterThan(last!.x);
  await expectAccessible(page);
});

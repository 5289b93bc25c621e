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
`;

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

let host: EngineHost;
let search: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
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
  const done = await falaj(
    ['train', '-f', path.join(folder, 'shop.yaml'), '--wait', '--json', ...at],
    secret,
  );
  search = (JSON.parse(done) as { tuning: { run: string } }).tuning.run;
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

test('the trials read from right to left in Arabic', async ({ enter }) => {
  const page = await enter(host, `/runs/${search}/trials`, { language: 'ar', theme: 'dark' });
  const headers = page.getByRole('grid', { name: 'إعدادات كل محاولة ونتيجتها' }).getByRole('columnheader');
  await expect(headers.first()).toBeVisible();
  const [first, last] = await Promise.all([headers.first().boundingBox(), headers.last().boundingBox()]);
  expect(first!.x).toBeGreaterThan(last!.x);
  await expectAccessible(page);
});

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
  objectives: [{metric: logloss}, {metric: trees}, {metric: modelBytes}]
  folds: 3
  trials: 12
  space:
    trees: {logInt: [1, 60]}
    learningRate: {logUniform: [0.05, 0.5]}
    minRowsPerLeaf: {logInt: [5, 50]}
    columnSampling: {uniform: [0.6, 1]}
---
kind: Training
name: endless-shop
entities: {dataset: visits}
columns: [price, town, member]
label: {column: bought}
task: binary
learner: {kind: gbdt, trees: 300}
tune: {trials: 5000, pruner: none, space: {leaves: {logInt: [4, 32]}, learningRate: {logUniform: [0.02, 0.3]}}}
`;

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

let host: EngineHost;
let search: string;
/** Of three objectives, judged by folds. */
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
  // And back: every run of a search shows where it stands among the trials.
  await page.getByRole('link', { name: 'Trials' }).click();
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('link', { name: 'Open the search' }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/${search}/trials`));
});

test('what settings explain, and the trials that no other beats, stand beside each other', async ({
  enter,
}) => {
  const page = await enter(host, `/runs/${search}/trials`);
  await expect(page.getByRole('heading', { name: 'What each setting explains' })).toBeVisible();
  const bars = page.getByRole('table').getByRole('row').filter({ hasText: /%/ });
  await expect(bars).toHaveText([/leaves|learningRate/, /leaves|learningRate/, /only together/]);
  await expect(page.getByRole('img', { name: 'AUC by Seconds to fit' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Across' }).click();
  await page.getByRole('option', { name: 'Brier' }).click();
  await expect(page.getByRole('img', { name: /^AUC by Brier/ })).toBeVisible();
});

test('a search of three objectives shows its front first, what is kept of it, and all of it at once', async ({
  enter,
}) => {
  const page = await enter(host, `/runs/${wide}/trials`);
  const table = page.getByRole('grid', { name: 'Settings and result of each trial' });
  for (const name of ['log loss', 'Trees learned', 'Bytes of the model', 'Settings'])
    await expect(table.getByRole('columnheader', { name })).toBeVisible();
  await expect(table.getByRole('row').nth(1)).toContainText('Kept');
  await expect(table.getByRole('row').nth(1)).toContainText(/0\.\d{4} ± 0\.\d{4}/);
  await expect(table.getByText('beaten', { exact: true }).first()).toBeVisible();
  const hidden = await table.evaluate(
    (grid) => grid.parentElement!.scrollWidth - grid.parentElement!.clientWidth,
  );
  expect(hidden).toBe(0);
  await expect(page.getByRole('img', { name: 'log loss by Trees learned' })).toBeVisible();
  // What settings explain differs from one objective to the next.
  const explained = page.getByRole('table').filter({ hasText: 'only together' });
  await expect(explained.getByRole('columnheader')).toHaveText([
    'Setting',
    'log loss',
    'Trees learned',
    'Bytes of the model',
  ]);
  await expectAccessible(page);
});

test('a search tells how far it is while it runs, keeps its trials when it is stopped, and goes on', async ({
  enter,
}) => {
  const page = await enter(host, '/training/endless-shop');
  await page.getByRole('button', { name: 'Train now' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await page.goto(new URL('/runs', page.url()).href);
  await page.getByRole('row').filter({ hasText: 'endless-shop (search)' }).first().click();
  await page.getByRole('link', { name: 'Trials' }).click();
  await expect(page.getByText('best so far, trial')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/\d+ of 5,000 trials ended/)).toBeVisible();
  await expect(page.getByText(/\d+ running/)).toBeVisible();
  await expect(page.getByText(/left$/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText(/Stopped: \d+ trials are kept/)).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText(/Goes on after \d+ trials of an earlier attempt/)).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 30_000 });
});

test('the trials read from right to left in Arabic', async ({ enter }) => {
  const page = await enter(host, `/runs/${search}/trials`, { language: 'ar', theme: 'dark' });
  const headers = page.getByRole('grid', { name: 'إعدادات كل محاولة ونتيجتها' }).getByRole('columnheader');
  await expect(headers.first()).toBeVisible();
  const [first, last] = await Promise.all([headers.first().boundingBox(), headers.last().boundingBox()]);
  expect(first!.x).toBeGreaterThan(last!.x);
  await expectAccessible(page);
});

test('a training set that joined no features shows the columns it took, and leads to its training', async ({
  enter,
}) => {
  const page = await enter(host, '/features/~training-sets');
  const sets = page.getByRole('grid', { name: 'Training sets' });
  await expect(sets.getByRole('row').nth(1)).toContainText('visits@1');
  await sets.getByRole('row').nth(1).click();
  const columns = page.getByRole('grid', { name: 'Columns' });
  for (const name of ['price', 'town', 'member', 'bought'])
    await expect(columns.getByRole('row').filter({ hasText: name })).toContainText('0.0 %');
  await expectAccessible(page);
  await page.getByRole('definition').getByRole('link', { name: 'shop', exact: false }).click();
  await expect(page).toHaveURL(/\/training\/(small-|endless-)?shop$/);
});

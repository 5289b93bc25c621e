import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';

test('a file is imported from the screen, profiled and removed', async ({ demoHost, enter }) => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'Readings of 2026.csv');
  writeFileSync(
    file,
    `at,station,value\n${Array.from({ length: 500 }, (_, row) => `2026-01-01T00:${String(row % 60).padStart(2, '0')}:00Z,دبي ${String(row % 3)},${row % 7 === 0 ? '' : String(row / 10)}`).join('\n')}\n`,
  );
  const page = await enter(demoHost, '/data/~import');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Files' }).fill(file);
  await expect(dialog.getByLabel('Name')).toHaveValue('Readings-of-2026');
  const first = dialog.getByRole('region', { name: 'First rows' });
  await expect(first.getByRole('columnheader', { name: 'station' })).toBeVisible();
  await expect(first.getByRole('cell', { name: 'دبي 1' }).first()).toBeVisible();
  await dialog.getByLabel('Name').fill('readings');
  await dialog.getByLabel('Event time').fill('at');
  await dialog.getByRole('button', { name: 'Import' }).click();

  await expect(page).toHaveURL(/\/jobs\//);
  await page.getByRole('main').getByRole('link', { name: 'Show the result' }).click();
  await expect(page).toHaveURL(/\/data\/readings$/);
  await expect(page.getByRole('gridcell', { name: /دبي 0/ }).first()).toBeVisible();
  await expect(page.getByRole('img', { name: '14.4 % empty' })).toBeVisible();
  await page.getByRole('link', { name: /^Columns/ }).click();
  await expect(page.locator('[data-column=station]').getByText('دبي 1', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByRole('dialog')).toContainText('Its 500 rows will be lost');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page).toHaveURL(/\/data$/);
  await expect(page.getByRole('row').filter({ hasText: 'readings' })).toHaveCount(0);
  rmSync(folder, { recursive: true, force: true });
});

test('a file that is not there, or not a table, is named with what to do', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data/~import');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Files' }).fill('/no/such/file.csv');
  await dialog.getByRole('button', { name: 'Import' }).click();
  await expect(page.getByRole('alert').first()).toContainText('File not found');
});

test('the rows of a dataset are read as they come into view', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data/flights');
  const grid = page.getByRole('grid', { name: 'Rows of flights' });
  await expect(grid.getByRole('rowheader', { name: '1', exact: true })).toBeVisible();
  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByRole('rowheader', { name: '20,000' })).toBeVisible();
  await expect(grid.locator('[aria-rowindex="20001"]').getByRole('gridcell').first()).toContainText(
    '2001-06-30',
  );
  await page.keyboard.press('Home');
  await expect(grid.getByRole('rowheader', { name: '1', exact: true })).toBeVisible();
  await page.mouse.move(900, 600);
  await page.mouse.wheel(0, 280);
  await expect(grid.getByRole('rowheader', { name: '11', exact: true })).toBeVisible();
  await expect(grid.getByRole('rowheader', { name: '1', exact: true })).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const)
  test(`what removes can be read, ${theme}`, async ({ demoHost, enter }) => {
    const page = await enter(demoHost, '/data/flights', { theme });
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await expect(page.getByRole('menuitem', { name: 'Remove' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page);
  });

import { rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Locator, Page } from '@playwright/test';
import { temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';

let folder: string;
test.beforeAll(() => {
  folder = temporaryFolder();
  const database = new DatabaseSync(path.join(folder, 'app.db'));
  database.exec(
    'CREATE TABLE gauges (id INTEGER, at TIMESTAMP, value REAL); CREATE TABLE stations (id INTEGER)',
  );
  const insert = database.prepare('INSERT INTO gauges VALUES (?, ?, ?)');
  for (let id = 1; id <= 40; id++) insert.run(id, `2026-01-02 03:${String(id).padStart(2, '0')}:00`, id / 4);
  database.close();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A segment of a control, by its word. */
const segment = (scope: Page | Locator, word: string): Locator =>
  scope.locator('label').filter({ hasText: new RegExp(`^${word}$`) });

test('a connection is added, checked, imported from and removed', async ({ demoHost, enter }) => {
  test.slow();
  const page = await enter(demoHost, '/data/~import');
  const dialog = page.getByRole('dialog');
  await segment(dialog, 'Connection').click();
  await expect(dialog.getByText('A connection is a named way')).toBeVisible();
  await dialog.getByRole('button', { name: 'Add a connection' }).click();
  await segment(dialog, 'SQLite file').click();
  await dialog.getByLabel('Name').fill('app');
  await dialog.getByLabel('File on the engine’s machine').fill(path.join(folder, 'app.db'));
  await dialog.getByRole('button', { name: 'Add a connection' }).click();
  await dialog.getByRole('button', { name: 'Show what can be read' }).click();
  await expect(dialog.getByText('2 tables or objects can be read')).toBeVisible({ timeout: 20_000 });
  await dialog.getByPlaceholder('sales').fill('gau');
  await page.getByRole('option', { name: 'gauges' }).click();
  await expect(dialog.getByLabel('Name')).toHaveValue('gauges');
  await dialog.getByRole('button', { name: 'Show columns' }).click();
  const first = dialog.getByRole('region', { name: 'First rows' });
  await expect(first.getByRole('columnheader', { name: 'value' })).toBeVisible({ timeout: 20_000 });
  await expect(first.getByRole('cell', { name: '2026-01-02 03:01:00' })).toBeVisible();
  await dialog.getByLabel('Event time').click();
  await page.getByRole('option', { name: 'at', exact: true }).click();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await page.getByRole('main').getByRole('link', { name: 'Show the result' }).click({ timeout: 20_000 });
  await expect(page).toHaveURL(/\/data\/gauges$/);
  await expect(page.getByRole('gridcell', { name: '2026-01-02 03:01:00' }).first()).toBeVisible();

  await page.goto(new URL('/data/~import', demoHost.url).href);
  await segment(dialog, 'Connection').click();
  await dialog.getByRole('combobox').first().click();
  await page.getByRole('option', { name: 'app · SQLite file' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog.getByText('Remove app? What opens it is lost.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Cancel' }).first()).toBeFocused();
  await dialog.getByRole('alert').getByRole('button', { name: 'Remove' }).click();
  await expect(dialog.getByText('A connection is a named way')).toBeVisible();
});

test('what opens a connection is never shown, in Arabic too, and a wrong one says why', async ({
  demoHost,
  enter,
}) => {
  const page = await enter(demoHost, '/data/~import', { language: 'ar', theme: 'dark' });
  const dialog = page.getByRole('dialog');
  const secret = 'palm-and-water-7';
  await segment(dialog, 'اتصال').click();
  await dialog.getByRole('button', { name: 'إضافة اتصال' }).click();
  await dialog.getByLabel('الاسم').fill('shop');
  await dialog.getByLabel('المضيف').fill('127.0.0.1');
  await dialog.getByLabel('المنفذ').fill('1');
  await dialog.getByLabel('قاعدة البيانات').fill('shop');
  await dialog.getByLabel('المستخدم').fill('reader');
  await expect(dialog.getByLabel('كلمة المرور')).toHaveAttribute('type', 'password');
  await dialog.getByLabel('كلمة المرور').fill(secret);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'إضافة اتصال' }).click();
  await dialog.getByRole('button', { name: 'عرض ما يمكن قراءته' }).click();
  await expect(dialog.getByRole('alert')).toContainText('127.0.0.1', { timeout: 20_000 });
  expect(await page.content()).not.toContain(secret);
  await dialog.getByRole('button', { name: 'حذف' }).click();
  await expectAccessible(page);
  await dialog.getByRole('alert').getByRole('button', { name: 'حذف' }).click();
  await expect(dialog.getByText('الاتصال طريق مُسمّى')).toBeVisible();
});

import { readFileSync } from 'node:fs';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

test('the log is searched, verified, and an entry proven', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/audit');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('status')).toContainText(/Intact.*All \d+ entries/);
  await expectAccessible(page);

  await page.getByRole('textbox', { name: 'Filter' }).fill('model.register');
  const registered = page.getByRole('row').filter({ hasText: 'Model registered' });
  await expect(registered).toHaveCount(2);
  await expect(page.getByRole('row').filter({ hasText: 'Dataset imported' })).toHaveCount(0);
  await registered.filter({ hasText: 'model/flight-delay:1' }).click();
  await expect(page.getByRole('heading', { name: 'Model registered' })).toBeVisible();

  await page.getByRole('button', { name: 'Make a proof' }).click();
  await expect(page.getByText(/^Root of \d+ entries$/)).toBeVisible();
  await expectAccessible(page);
  if (!inDesktopWindow) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as JSON' }).click();
    const saved: unknown = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    expect(saved).toMatchObject({
      entry: { action: 'model.register' },
      head: { checkpoint: expect.any(String) },
    });
  }

  await page.getByRole('main').getByRole('link', { name: 'Open' }).click();
  await expect(page).toHaveURL(/\/models\/flight-delay\/1$/);
});

test('one room of the log, an entry that is not there, and an empty search', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/audit');
  await page.getByRole('combobox', { name: 'Room' }).click();
  await page.getByRole('option', { name: 'Drift' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Drift checked' })).toHaveCount(2);
  await expect(page.getByRole('row').filter({ hasText: 'Run started' })).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Filter' }).fill('nothing like this');
  await expect(page.getByRole('heading', { name: 'No entries' })).toBeVisible();
  await page.goto(new URL('/audit/99999', demoHost.url).href);
  await expect(page.getByRole('heading', { name: 'No such entry' })).toBeVisible();
});

import { expect, test } from './support/fixtures.ts';
import { shownKey } from './support/recovery-key.ts';
import { inDesktopWindow } from './support/where.ts';

test('a page whose engine has gone says so and keeps what it knows', async ({ emptyHost, enter }) => {
  test.skip(inDesktopWindow, 'the shell starts the engine again, which window.e2e.ts tests');
  const page = await enter(emptyHost);
  await page.getByRole('button', { name: /New workspace/ }).click();
  await page.getByLabel('Name').fill('Loss');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  const key = await shownKey(page);
  await page.getByLabel('Type the last group to go on').fill(key.at(-1)!);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText('Engine connected')).toBeVisible();
  await page.route('**/rpc/**', (route) => route.abort());
  await emptyHost.stop();
  await expect(page.getByText('Engine does not answer')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('navigation', { name: 'From data to decisions' })).toBeVisible();
});

test('an address that leads nowhere offers a way back', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/no/such/page');
  await expect(page.getByRole('heading', { name: 'No such page' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Overview' }).click();
  await expect(page).toHaveURL(/\/$/);
});

test('an object that does not exist says so, with the way to the list', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data/nothing-of-the-kind');
  await expect(page.getByRole('alert')).toContainText('Not found');
});

import { expect, test } from './support/fixtures.ts';

test('everything that matters is reached with the keyboard alone', async ({ demoHost, enter }) => {
  const page = await enter(demoHost);
  await expect(page.getByRole('navigation', { name: 'From data to decisions' })).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/\/data$/);
  await expect(page.getByRole('row').filter({ hasText: 'airports' })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('row').filter({ hasText: 'airports' })).toBeFocused();
  await page.keyboard.press('j');
  await expect(page.getByRole('row').filter({ hasText: 'flights' })).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/data\/flights$/);
  await expect(page.getByRole('heading', { name: 'flights' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/data$/);

  await page.keyboard.press('/');
  await page.keyboard.type('air');
  await expect(page.getByRole('row').filter({ hasText: 'flights' })).toHaveCount(0);

  await page.keyboard.press('Control+k');
  const search = page.getByRole('textbox', { name: 'Search' });
  await expect(search).toBeFocused();
  await page.keyboard.type('devices');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/devices$/);

  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard map' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/devices$/);
});

test('the way from the top of the page to its content is one skip', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/jobs');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('a dialog holds the focus and gives it back', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data/flights');
  await page.getByRole('button', { name: 'New version' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let press = 0; press < 14; press++) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  // From a button: in a list that the focus has opened, the first Escape closes the list.
  await dialog.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'New version' })).toBeFocused();
});

import { expect, test } from './support/fixtures.ts';

test('the language switch turns the page around at once and is remembered', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data');
  await expect(page.getByRole('row').filter({ hasText: 'airports' })).toBeVisible();
  await page.getByRole('button', { name: 'العربية' }).click();
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expect(page.getByRole('heading', { name: /مجموعات البيانات/ })).toBeVisible();
  const rail = await page.getByRole('navigation', { name: 'الأقسام' }).boundingBox();
  expect(rail!.x).toBeGreaterThan(700);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ar');
  await expect(page.getByRole('heading', { name: /مجموعات البيانات/ })).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
});

test('theme and digits follow the settings', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/data', { language: 'ar', theme: 'light' });
  await page.getByRole('button', { name: 'الإعدادات' }).click();
  await page.getByText('داكن', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByText('١٢٣', { exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'airports' })).toContainText(/[٠-٩]/);
});

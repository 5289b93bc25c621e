import { expect, expectAccessible, test } from './support/fixtures.ts';

test('the catalogue is searched and narrowed, and the address says how', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features');
  const grid = page.getByRole('grid', { name: 'Feature views' });
  const filters = page.getByRole('complementary', { name: 'Filters' });
  await expect(grid.getByRole('row')).toHaveCount(5);
  await page.keyboard.press('/');
  await page.keyboard.type('mean 7d');
  await expect(grid.getByRole('row').nth(1)).toContainText('route_delay:mean_delay_7d');
  await expect(page).toHaveURL(/\?q=mean\+7d$/);
  await page.getByRole('textbox', { name: 'Search views, features, columns…' }).fill('delay');
  await expect(filters.getByRole('checkbox', { name: 'airport 2' })).toBeVisible();
  await filters.getByRole('checkbox', { name: 'route 1' }).check();
  await expect(page).toHaveURL(/\?q=delay&entity=route$/);
  await expect(grid.getByRole('row').nth(1)).toContainText('route_delay');
  await expect(page.getByRole('status').filter({ hasText: '1 view' })).toBeVisible();
  await expectAccessible(page);
  await page.goBack();
  await expect(filters.getByRole('checkbox', { name: 'route 1' })).not.toBeChecked();
  await page.goForward();
  await grid.getByRole('row').filter({ hasText: 'route_delay:mean_delay_7d' }).click();
  await expect(page).toHaveURL(/\/features\/route_delay\?q=delay&entity=route&feature=mean_delay_7d$/);
  const features = page.getByRole('grid', { name: 'Features' });
  await expect(features.getByRole('row', { selected: true })).toContainText('mean_delay_7d');
  await page.getByRole('link', { name: 'Definition', exact: true }).click();
  await expect(page).toHaveURL(/\/definition\?q=delay&entity=route$/);
  await expect(grid.getByRole('row').nth(1)).toContainText('route_delay');
  await page.getByRole('button', { name: 'No longer narrow to Entity: route' }).click();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(page).toHaveURL(/\/definition$/);
});

test('a search that finds nothing says where it looked, and what was probably meant', async ({
  demoHost,
  enter,
}) => {
  const page = await enter(demoHost, '/features?q=departurs');
  await expect(page.getByText('Every word must be found')).toBeVisible();
  await expect(page.getByText('falaj features ls --search departurs')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Search for departures' }).click();
  await expect(
    page
      .getByRole('grid', { name: 'Feature views' })
      .getByRole('row')
      .filter({ hasText: 'departures' })
      .first(),
  ).toBeVisible();
});

test('the catalogue in Arabic, in a narrow window', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features?q=delay', { language: 'ar', theme: 'dark' });
  await page.setViewportSize({ width: 680, height: 800 });
  await expect(page.getByRole('status').filter({ hasText: '4 عروض' })).toBeVisible();
  await page.getByRole('button', { name: 'عوامل التصفية' }).click();
  await page.getByRole('checkbox', { name: /^airport/ }).check();
  await expect(page.getByRole('status').filter({ hasText: 'عرضان' })).toBeVisible();
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test('a view is seen as of any time of its history', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/departures/sample');
  const grid = page.getByRole('grid', { name: 'Sample of departures' });
  const slider = page.getByRole('slider', { name: 'Moment in the history' });
  const exact = page.getByRole('textbox', { name: 'Exact time' });
  await expect(grid.getByRole('row')).not.toHaveCount(0);
  const newest = await exact.inputValue();
  await expect(page.getByRole('button', { name: 'Change after' })).toBeDisabled();
  await page.getByRole('button', { name: 'Change before' }).click();
  await expect(page).toHaveURL(/\?at=2001-07-01T02/);
  await expect(grid.locator('[data-changed]').first()).toBeVisible();
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText(/falaj features as-of departures --at 2001-01-01/)).toBeVisible();
  await expect(grid.getByText('Not found').first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuenow', '1');
  await exact.fill('2001-03-01T00:00:00Z');
  await exact.press('Enter');
  await expect(page).toHaveURL(/\?at=2001-03-01T00%3A00%3A00Z$/);
  await page.getByRole('textbox', { name: 'airport (string)' }).fill('nowhere');
  await page.getByRole('button', { name: 'Add entity' }).click();
  const added = grid.getByRole('row').filter({ hasText: 'nowhere' });
  await expect(added.getByText('Not found').first()).toBeVisible();
  await expectAccessible(page);
  await exact.fill('yesterday');
  await exact.press('Enter');
  await expect(page.getByRole('alert').first()).toContainText('"yesterday" is not a time.');
  await page.getByRole('button', { name: 'Newest', exact: true }).click();
  await expect(exact).toHaveValue(newest);
  await expect(page).toHaveURL(/\/sample$/);
});

test('the time slider runs from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/departures/sample', { language: 'ar', theme: 'dark' });
  const slider = page.getByRole('slider', { name: 'لحظة من السجل الزمني' });
  await slider.focus();
  const last = (await slider.boundingBox())!;
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  expect((await slider.boundingBox())!.x).toBeGreaterThan(last.x);
  await expect(page.getByText('غير موجودة').first()).toBeVisible();
  await expectAccessible(page);
});

import { expect, expectAccessible, test } from './support/fixtures.ts';

const VIEW = `kind: FeatureView
name: far_flights
entities: [airport]
source: {dataset: flights, eventTime: date, knownTime: arrived_at, keys: {airport: origin}}
features:
  - {name: far, type: bool, expression: "distance > 1500"}
`;

test('a definition is planned, then applied, and shows as a view', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/~apply');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Definitions' }).fill(VIEW.replace('expression:', 'expresion:'));
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await expect(dialog.getByRole('alert')).toContainText('expresion');
  await dialog.getByRole('textbox', { name: 'Definitions' }).fill(VIEW);
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await expect(dialog.getByRole('list', { name: 'Show the plan' })).toContainText('far_flights');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Apply definitions' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('row').filter({ hasText: 'far_flights' }).click();
  await expect(page.getByRole('gridcell', { name: 'distance > 1500' })).toBeVisible();
  await page.getByRole('link', { name: 'Sample' }).click();
  await expect(page.getByRole('columnheader', { name: 'far' })).toBeVisible();
  await page.getByRole('link', { name: 'Lineage' }).click();
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await expect(lineage.getByRole('link', { name: /^flights/ })).toBeVisible();
  await expect(lineage.getByText('far_flights')).toBeVisible();
  await page.getByRole('link', { name: 'Online', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Online' }).getByText('Empty')).toBeVisible();
  await page.getByRole('button', { name: 'Materialize' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await expect(page.getByText('Done').first()).toBeVisible({ timeout: 20_000 });
  await page.goto(new URL('/features/far_flights/online', page.url()).href);
  await expect(page.getByRole('region', { name: 'Online' }).getByText('Ready')).toBeVisible();
  await page.getByRole('textbox', { name: 'airport (string)' }).fill('nowhere');
  await page.getByRole('button', { name: 'Look up' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'far' }).getByText('Not found')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Definition', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('in force');
  await expect(page.getByRole('region', { name: 'Definition' })).toContainText('dataset: flights');
  await expectAccessible(page);
});

test('a view has its page, whatever word is its name', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/~apply');
  const dialog = page.getByRole('dialog');
  const named = (name: string): string => VIEW.replace('far_flights', name);
  await dialog
    .getByRole('textbox', { name: 'Definitions' })
    .fill(['apply', 'services', 'training-sets'].map(named).join('---\n'));
  await dialog.getByRole('button', { name: 'Show the plan' }).click();
  await dialog.getByRole('button', { name: 'Apply definitions' }).click();
  await expect(dialog).toHaveCount(0);
  for (const name of ['apply', 'services', 'training-sets']) {
    await page.goto(new URL(`/features/${name}`, page.url()).href);
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('the lineage of a view leads from its data to the models', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/departures/lineage');
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await expect(lineage.getByRole('heading')).toHaveText([
    'Datasets',
    'Feature views',
    'Services',
    'Training sets',
    'Runs',
    'Models',
  ]);
  await expectAccessible(page);
  await lineage.getByRole('link', { name: 'flight-delay v1' }).click();
  await expect(page).toHaveURL(/\/models\/flight-delay\/1$/);
});

test('a training set, its run, its training and its model lead to each other', async ({
  demoHost,
  enter,
}) => {
  const page = await enter(demoHost, '/features/~training-sets');
  const sets = page.getByRole('grid', { name: 'Training sets' });
  await sets.getByRole('row').filter({ hasText: 'delay_v1' }).last().click();
  await expect(page).toHaveURL(/\/~training-sets\/[0-9a-f]+$/);
  const set = page.url();
  await page.getByRole('definition').getByRole('link', { name: 'delay-model' }).click();
  await expect(page).toHaveURL(/\/training\/delay-model$/);
  await expect(page.locator('main').getByRole('link', { name: 'delay_v1' })).toHaveAttribute(
    'href',
    '/features/~services/delay_v1',
  );
  await page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f]{32}$/);
  const lineage = page.getByRole('region', { name: 'Lineage' });
  await lineage.getByRole('link', { name: /delay_v1$/ }).click();
  await expect(page).toHaveURL(set);
  await page.goBack();
  await lineage.getByRole('link', { name: 'flight-delay v1' }).click();
  await expect(page).toHaveURL(/\/models\/flight-delay\/1$/);
  await page.goBack();
  await expectAccessible(page);
});

test('the lineage of a view reads from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features/departures/lineage', { language: 'ar' });
  const lineage = page.getByRole('region', { name: 'النسب' });
  const [data, models] = await Promise.all(
    ['مجموعات البيانات', 'النماذج'].map((name) => lineage.getByRole('heading', { name }).boundingBox()),
  );
  expect(data!.x).toBeGreaterThan(models!.x);
  await expectAccessible(page);
});

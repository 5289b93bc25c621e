import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { EngineHost } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';

const DEFINITIONS = `kind: Entity
name: driver
keys: [{name: driver, type: string}]
---
kind: FeatureView
name: driver_state
entities: [driver]
source: {push: true}
features: [{name: battery}, {name: district, type: string}]
---
kind: FeatureService
name: dispatch
features: ["driver_state:*"]
log: {sample: 1}
---
kind: FeatureService
name: dispatch_quiet
features: ["driver_state:*"]
`;

/** Asks the engine as the page itself does, with its session. */
const api = (page: Page, address: string, body: unknown): Promise<unknown> =>
  page.evaluate(
    async ([to, content]) => {
      const answer = await fetch(`/api${to!}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: content!,
      });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json() as Promise<unknown>;
    },
    [address, JSON.stringify(body)],
  );

const push = (page: Page, rows: readonly object[]) =>
  api(page, '/features/push', { view: 'driver_state', rows });
const row = (driver: string, secondsAgo: number, battery: number, district: string) => ({
  driver,
  event_time: new Date(Date.now() - secondsAgo * 1000).toISOString(),
  battery,
  district,
});

/** Applies the definitions, pushes rows, reads them, and pushes one that comes late. */
async function serve(page: Page): Promise<void> {
  await api(page, '/definitions/apply', { documents: [{ file: 'falaj.yaml', text: DEFINITIONS }] });
  await push(page, [row('amal', 600, 0.8, 'Deira'), row('badr', 600, 0.4, 'Satwa')]);
  await page.waitForTimeout(20);
  await api(page, '/features/online', {
    service: 'dispatch',
    keys: [{ driver: 'amal' }, { driver: 'badr' }],
  });
  await page.waitForTimeout(20);
  await push(page, [row('amal', 300, 0.7, 'Jumeirah')]);
}

/** Values as another server might have logged them, one of them in another unit. */
async function compareFile(page: Page, { workspace }: EngineHost): Promise<void> {
  const log = path.join(path.dirname(workspace), 'served.csv');
  const at = new Date().toISOString();
  writeFileSync(log, `driver,event_time,driver_state__battery\namal,${at},0.7\nbadr,${at},40\n`);
  const { job } = (await api(page, '/features/skew', { service: 'dispatch', log })) as { job: string };
  await page.goto(new URL(`/jobs/${job}`, page.url()).href);
}

test('what a service served is compared with its history', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features');
  await serve(page);
  await page.goto(new URL('/features/~services/dispatch_quiet/skew', page.url()).href);
  await expect(page.getByRole('heading', { name: 'No reads are kept' })).toBeVisible();
  await expect(page.getByText('log: {sample: 0.1, retention: 30d}')).toBeVisible();
  await expectAccessible(page);

  await page.goto(new URL('/features', page.url()).href);
  await page.getByRole('link', { name: 'dispatch', exact: true }).click();
  await expect(page).toHaveURL(/\/features\/~services\/dispatch$/);
  await expect(page.getByRole('gridcell', { name: 'driver_state__district' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Skew', exact: true }).click();
  await page.getByRole('button', { name: 'Compare now' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await page.getByRole('link', { name: 'Show the result' }).click();
  await expect(page).toHaveURL(/\/features\/~services\/dispatch\/skew$/);
  await expect(page.getByRole('heading', { name: 'Every feature was served as it was known' })).toBeVisible();
  await expect(page.getByText('2 values differ from what is known today, 100 % of them')).toBeVisible();
  const late = page.getByRole('row').filter({ hasText: 'driver = amal' });
  await expect(late).toContainText('Late data since');
  await expect(late).toContainText('0.8');
  await expect(late).toContainText('0.7');
  await expectAccessible(page);

  await compareFile(page, demoHost);
  await page.getByRole('link', { name: 'Show the result' }).click();
  await expect(page.getByRole('heading', { name: /^1 of 1 features/ })).toBeVisible();
  const altered = page.getByRole('row').filter({ hasText: 'driver = badr' });
  await expect(altered).toContainText('Unexplained');
  await expect(altered).toContainText('40');
  await expectAccessible(page);
});

test('the comparison reads from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/features', { language: 'ar', theme: 'dark' });
  await serve(page);
  await compareFile(page, demoHost);
  await page.getByRole('link', { name: 'عرض النتيجة' }).click();
  await expect(page.getByRole('heading', { name: /قُدّمت سمة واحدة/ })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'driver = badr' })).toContainText('بلا تفسير');
  const [feature, late] = await Promise.all(
    ['السمة', 'يفسّره التأخر'].map((name) =>
      page.getByRole('columnheader', { name, exact: true }).boundingBox(),
    ),
  );
  expect(feature!.x).toBeGreaterThan(late!.x);
  await expectAccessible(page);
});

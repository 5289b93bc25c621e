import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { EngineHost } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { hostWithRuns, seededId } from './support/seeded-runs.ts';
import { inDesktopWindow } from './support/where.ts';

const pictures = path.join(fileURLToPath(new URL('../../../', import.meta.url)), 'test-results/screens');
const RUNS = 1500;
/** The newest, and one that is older than the newest thousand. */
const FEW = [RUNS - 1, RUNS - 2, RUNS - 3, 3].map(seededId);
const MANY = Array.from({ length: 200 }, (_, place) => seededId(RUNS - 1 - place));

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

let host: EngineHost;
test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(pictures, { recursive: true });
  host = await hostWithRuns(RUNS);
});
test.afterAll(() => host.stop());

const address = (tab: string, ids: readonly string[]): string =>
  `/runs/compare${tab === '' ? '' : `/${tab}`}?ids=${ids.join(',')}`;

const READY: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  '': (page) => expect(page.getByRole('link', { name: 'run-00003' })).toBeVisible(),
  curves: (page) => expect(page.locator('.uplot canvas').first()).toBeVisible(),
  relations: (page) => expect(page.locator('figure')).toHaveCount(2),
  code: (page) => expect(page.getByText('falaj run')).toBeVisible(),
};

for (const language of ['en', 'ar'] as const)
  for (const theme of ['light', 'dark'] as const)
    for (const tab of ['', 'curves', 'relations', 'code'])
      test(`comparing is drawn and accessible, ${tab || 'figures'}, ${language} ${theme}`, async ({
        enter,
      }) => {
        const page = await enter(host, address(tab, FEW), { language, theme });
        await READY[tab]!(page);
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.screenshot({
          path: path.join(pictures, `compare-${tab || 'figures'}.${language}.${theme}.png`),
          animations: 'disabled',
        });
        await expectAccessible(page);
      });

test('the best of a metric is marked by its direction; equal rows come and go, others are put away', async ({
  enter,
}) => {
  const page = await enter(host, address('', FEW));
  const rowOf = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await expect(rowOf('AUC').getByRole('cell').nth(0).getByRole('img', { name: 'Best' })).toBeVisible();
  await expect(rowOf('AUC').getByRole('img', { name: 'Higher is better' })).toBeVisible();
  await expect(rowOf('log loss').getByRole('cell').nth(0).getByRole('img', { name: 'Best' })).toBeVisible();
  await expect(rowOf('log loss').getByRole('img', { name: 'Lower is better' })).toBeVisible();
  await expect(rowOf('seed')).toHaveCount(0);
  await page.getByRole('switch', { name: 'Only differences' }).uncheck();
  await expect(rowOf('seed')).toBeVisible();
  await page.getByRole('button', { name: 'Rows' }).click();
  await page.getByRole('checkbox', { name: 'owner' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(rowOf('owner')).toHaveCount(0);
  await page.reload();
  await expect(rowOf('learner')).toBeVisible();
  await expect(rowOf('owner')).toHaveCount(0);
  await page.getByRole('button', { name: 'Leave out run-00003' }).click();
  await expect(page.getByRole('heading', { name: 'Compare 3 runs' })).toBeVisible();
});

test('two hundred runs are compared without freezing', async ({ enter }) => {
  const page = await enter(host, address('', MANY));
  await expect(page.getByRole('columnheader', { name: /run-01300/ })).toBeAttached();
  const started = Date.now();
  await page.getByRole('link', { name: 'Curves' }).click();
  await expect(page.locator('.uplot canvas').first()).toBeVisible();
  await page.screenshot({ path: path.join(pictures, 'compare-curves-200.png'), animations: 'disabled' });
  const longest = await page.evaluate(async () => {
    let longestTaskMs = 0;
    const watcher = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
    });
    watcher.observe({ entryTypes: ['longtask'] });
    const box = document.querySelector('.u-over')!.getBoundingClientRect();
    for (let at = 0; at < 40; at++) {
      document.querySelector('.u-over')!.dispatchEvent(
        new MouseEvent('mousemove', {
          clientX: box.left + (box.width * at) / 40,
          clientY: box.top + 60,
          bubbles: true,
        }),
      );
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    watcher.disconnect();
    return longestTaskMs;
  });
  test.info().annotations.push({
    type: 'two hundred curves',
    description: `shown after ${String(Date.now() - started)} ms, longest task under the cursor ${longest.toFixed(0)} ms`,
  });
  expect(longest).toBeLessThan(500);
  await page.getByRole('link', { name: 'Relations' }).click();
  await expect(page.locator('figure svg path[class*=line]')).toHaveCount(200);
  await page.screenshot({ path: path.join(pictures, 'compare-relations-200.png'), animations: 'disabled' });
});

test('brushing an axis keeps the runs that go through there', async ({ enter }) => {
  const page = await enter(host, address('relations', MANY));
  await expect(page.locator('figure svg path[class*=line]')).toHaveCount(200);
  const grip = page.locator('figure svg rect').last();
  const box = (await grip.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 4, { steps: 5 });
  await page.mouse.up();
  const said = await page.getByText(/\d+ of 200 runs/).textContent();
  const kept = Number(/(\d+) of/.exec(said!)![1]);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(200);
  await expectAccessible(page);
  await page.screenshot({ path: path.join(pictures, 'compare-brushed.png'), animations: 'disabled' });
  await page.getByRole('button', { name: 'Compare only these' }).click();
  await expect(page.getByRole('heading', { name: `Compare ${String(kept)} runs` })).toBeVisible();
});

test('zooming into a curve asks for that part, and values that are no numbers are told', async ({
  enter,
}) => {
  const page = await enter(host, `/runs/${seededId(RUNS - 1)}/curves`);
  await expect(page.getByText('NaN @ 20')).toBeVisible();
  const over = page.locator('.u-over').first();
  await expect(over).toBeVisible();
  const box = (await over.boundingBox())!;
  const asked = page.waitForRequest((request) => request.postData()?.includes('fromStep') === true);
  await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 50, { steps: 4 });
  await page.mouse.up();
  await asked;
  await expect(page.getByText('NaN @ 20')).toHaveCount(0);
  await over.dblclick({ position: { x: 40, y: 40 } });
  await expect(page.getByText('NaN @ 20')).toBeVisible();
});

test('the order of the runs is part of the address: kept by a reload, other tabs, and taking one out', async ({
  enter,
}) => {
  const page = await enter(host, address('', FEW));
  const loss = page.getByRole('rowheader', { name: 'log loss' });
  const runs = page.locator('thead').getByRole('link');
  await expect(runs).toHaveCount(FEW.length);
  const chosen = await runs.allTextContents();
  await loss.getByRole('button').click();
  await expect(loss).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).toHaveURL(/&by=/);
  const sorted = await runs.allTextContents();
  expect(sorted.toSorted()).toEqual(chosen.toSorted());
  await page.reload();
  await expect(runs).toHaveText(sorted);
  await page.getByRole('link', { name: 'Curves' }).click();
  await page.getByRole('link', { name: 'Figures' }).click();
  await expect(runs).toHaveText(sorted);
  await page.getByRole('button', { name: `Leave out ${sorted[1]!}` }).click();
  await expect(runs).toHaveText(sorted.filter((_, place) => place !== 1));
  await loss.getByRole('button').click();
  await expect(page).not.toHaveURL(/&by=/);
  await expect(loss).toHaveAttribute('aria-sort', 'none');
});

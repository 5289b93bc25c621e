import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pictures = path.join(root, 'test-results/screens');

/** Each screen with something that is there only once its data has come. */
const screens: readonly {
  readonly name: string;
  readonly address: string;
  readonly ready: (page: Page) => Promise<void>;
}[] = [
  {
    name: 'overview',
    address: '/',
    ready: (page) => expect(page.getByRole('main').getByText(/AUC 0\.\d/)).toBeVisible(),
  },
  {
    name: 'data',
    address: '/data',
    ready: (page) => expect(page.getByRole('row').filter({ hasText: 'airports' })).toBeVisible(),
  },
  {
    name: 'dataset-rows',
    address: '/data/flights',
    ready: (page) => expect(page.getByRole('gridcell', { name: /^[A-Z]{3}$/ }).first()).toBeVisible(),
  },
  {
    name: 'dataset-columns',
    address: '/data/flights/columns',
    ready: (page) => expect(page.locator('[data-column=delay]')).toBeVisible(),
  },
  {
    name: 'dataset-import',
    address: '/data/~import',
    ready: (page) => expect(page.getByRole('dialog')).toBeVisible(),
  },
  {
    name: 'features',
    address: '/features',
    ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible(),
  },
  {
    name: 'training',
    address: '/training',
    ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible(),
  },
  { name: 'runs', address: '/runs', ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible() },
  {
    name: 'models',
    address: '/models',
    ready: (page) => expect(page.getByRole('main').getByText('flight-delay').first()).toBeVisible(),
  },
  { name: 'drift', address: '/drift', ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible() },
  { name: 'jobs', address: '/jobs', ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible() },
  {
    name: 'devices',
    address: '/devices',
    ready: (page) => expect(page.getByRole('table').first()).toBeVisible(),
  },
  { name: 'audit', address: '/audit', ready: (page) => expect(page.getByRole('row').nth(1)).toBeVisible() },
];

test.beforeAll(() => {
  mkdirSync(pictures, { recursive: true });
});

for (const language of ['en', 'ar'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test.describe(`${language}, ${theme}`, () => {
      for (const screen of screens) {
        test(`${screen.name} shows its data and is accessible`, async ({ demoHost, enter }) => {
          const page = await enter(demoHost, screen.address, { language, theme });
          await screen.ready(page);
          expect(await page.evaluate(() => document.documentElement.dir)).toBe(
            language === 'ar' ? 'rtl' : 'ltr',
          );
          expect(await page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe(
            theme,
          );
          await page.evaluate(() => document.fonts.ready.then(() => undefined));
          await page.screenshot({
            path: path.join(pictures, `${screen.name}.${language}.${theme}.png`),
            animations: 'disabled',
          });
          await expectAccessible(page);
        });
      }
    });
  }
}

test('a narrow window keeps every screen within itself', async ({ demoHost, enter }) => {
  const page = await enter(demoHost);
  await page.setViewportSize({ width: 1024, height: 700 });
  for (const screen of screens) {
    await page.goto(new URL(screen.address, demoHost.url).href);
    await screen.ready(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, screen.name).toBeLessThanOrEqual(0);
    await page.screenshot({ path: path.join(pictures, `${screen.name}.narrow.png`), animations: 'disabled' });
  }
});

test('the picture in the README', async ({ demoHost, enter }) => {
  test.skip(
    process.env['FALAJ_README_PICTURE'] !== '1' || inDesktopWindow,
    'the picture is made in the browser, where FALAJ_README_PICTURE=1 asks for it',
  );
  const page = await enter(demoHost);
  await screens[0]!.ready(page);
  // The live strips need a while before they show anything.
  await page.waitForTimeout(15_000);
  await page.screenshot({ path: path.join(root, 'docs/images/overview.png'), animations: 'disabled' });
});

// From asking a ready host to the first screen in a browser that has been there before.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { startHost } from '../e2e/screens/support/engine-host.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const ROUNDS = brief ? 2 : 11;
const installed = [process.env['FALAJ_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (file) => file !== undefined && existsSync(file),
);

const host = await startHost();
const browser = await chromium.launch({
  ...(installed === undefined ? {} : { executablePath: installed }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const first = await context.newPage();
  await first.goto(host.link);
  await first.getByRole('heading').first().waitFor();
  await first.close();
  const paintMs: number[] = [];
  const headingMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = await context.newPage();
    await page.goto(host.url, { waitUntil: 'commit' });
    await page.getByRole('heading').first().waitFor();
    headingMs.push(await page.evaluate(() => performance.now()));
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    paintMs.push(
      await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime),
    );
    await page.close();
  }
  reportFigures([
    {
      measure: 'First contentful paint in Chromium, warm, median',
      value: quantile(paintMs),
      unit: 'ms',
      atMost: 1500,
      note: `${ROUNDS} visits; ${browser.browserType().name()} ${browser.version()}`,
    },
    {
      measure: 'First heading on the screen in Chromium, warm, median',
      value: quantile(headingMs),
      unit: 'ms',
    },
  ]);
} finally {
  await browser.close();
  await host.stop();
}

// biome-ignore-all lint/correctness/noEmptyPattern: the runner reads a fixture's needs from the pattern
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { desktopTest } from './desktop-fixtures.ts';
import { type EngineHost, falaj, startHost, temporaryFolder } from './engine-host.ts';
import { PASSPHRASE, type ScreenFixtures, type ScreenWorkerFixtures } from './screen-fixtures.ts';
import { inDesktopWindow } from './where.ts';

/** A link lets one browser in, once; later tests come with the session that it opened. */
const sessions = new WeakMap<EngineHost, Awaited<ReturnType<BrowserContext['cookies']>>>();

const browserTest = base.extend<ScreenFixtures, ScreenWorkerFixtures>({
  demoHost: [
    async ({}, use) => {
      const folder = temporaryFolder();
      const workspace = path.join(folder, 'workspace');
      await falaj(['demo', '--rows', '20k', '--dir', workspace, '--quiet'], { FALAJ_PASSPHRASE: PASSPHRASE });
      const host = await startHost({ workspace, passphrase: PASSPHRASE });
      await use(host);
      await host.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  emptyHost: async ({}, use) => {
    const host = await startHost();
    await use(host);
    await host.stop();
  },
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== '127.0.0.1')
          complaints.push(`asked ${request.url()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          reportError(new Error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
        });
      });
      await use(undefined);
      // A refused call (a wrong passphrase, a missing object) is the browser's own line, not the page's.
      expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    },
    { auto: true },
  ],
  enter: async ({ page, context }, use) => {
    await use(async (host, address = '/', preferences = {}) => {
      await page.addInitScript(
        (chosen) => {
          if (localStorage.getItem('falaj.preferences') === null) {
            localStorage.setItem('falaj.preferences', JSON.stringify(chosen));
          }
        },
        { language: 'en', theme: 'light', ...preferences },
      );
      const known = sessions.get(host);
      if (known === undefined) {
        await page.goto(host.link);
        sessions.set(host, await context.cookies());
        if (address === '/') return page;
      } else {
        await context.addCookies(known);
      }
      await page.goto(new URL(address, host.url).href);
      return page;
    });
  },
});

/** Where the screens are shown: a browser, or the desktop window when the tests of the shell are run. */
export const test = inDesktopWindow ? desktopTest : browserTest;

/** WCAG 2.2 A and AA, on what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode() // the other mode opens a page of its own, which the desktop window does not
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toEqual([]);
}

export { expect } from '@playwright/test';
export { PASSPHRASE } from './screen-fixtures.ts';

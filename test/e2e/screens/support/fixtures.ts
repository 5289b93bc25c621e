// biome-ignore-all lint/correctness/noEmptyPattern: the runner reads a fixture's needs from the pattern
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { type EngineHost, falaj, startHost, temporaryFolder } from './engine-host.ts';

export const PASSPHRASE = 'dates and water at noon';

interface Preferences {
  readonly language?: 'en' | 'ar';
  readonly theme?: 'light' | 'dark';
}

interface TestFixtures {
  /** A host whose folder holds no workspace yet. */
  readonly emptyHost: EngineHost;
  /** Fails the test on console errors, uncaught errors, CSP violations and requests to elsewhere. */
  readonly quiet: undefined;
  /** Opens the host's screens with a one-time link and lands on `address`. */
  readonly enter: (host: EngineHost, address?: string, preferences?: Preferences) => Promise<Page>;
}

interface WorkerFixtures {
  /** One host for all tests of the worker, after the demo on 20 thousand flights. */
  readonly demoHost: EngineHost;
}

/** A link lets one browser in, once; later tests come with the session that it opened. */
const sessions = new WeakMap<EngineHost, Awaited<ReturnType<BrowserContext['cookies']>>>();

export const test = base.extend<TestFixtures, WorkerFixtures>({
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
          console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
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

/** WCAG 2.2 A and AA, on what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toEqual([]);
}

export { expect } from '@playwright/test';

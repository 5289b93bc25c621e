// biome-ignore-all lint/correctness/noEmptyPattern: the runner reads a fixture's needs from the pattern
import { rmSync } from 'node:fs';
import path from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Display, openDisplay } from '../../electron/support/display.ts';
import { builtProduct, electronBinary, type Found } from '../../electron/support/runtime.ts';
import { openShell, type Shell } from '../../electron/support/shell.ts';
import { type EngineHost, falaj, temporaryFolder } from './engine-host.ts';
import {
  PASSPHRASE,
  type Preferences,
  type ScreenFixtures,
  type ScreenWorkerFixtures,
} from './screen-fixtures.ts';

interface DesktopFixtures extends ScreenFixtures {
  readonly complaints: string[];
}

interface DesktopWorkerFixtures extends ScreenWorkerFixtures {
  readonly display: Found<Display>;
}

const shells = new WeakMap<EngineHost, Shell>();
const listening = new WeakMap<Page, { complaints: string[] }>();

function need<T>(found: Found<T>): T {
  if ('value' in found) return found.value;
  base.skip(true, `the screens cannot be shown in the desktop shell here: missing ${found.missing}`);
  throw new Error(found.missing); // skip() throws already; this is for the compiler
}

async function openHost(
  display: Found<Display>,
  workspace?: string,
): Promise<{ host: EngineHost; close(): Promise<void> }> {
  const shell = await openShell({
    binary: need(electronBinary()),
    app: need(builtProduct()),
    display: need(display).name,
    ...(workspace === undefined ? {} : { workspace, environment: { FALAJ_PASSPHRASE: PASSPHRASE } }),
  });
  const url = 'app://falaj/';
  await expect
    .poll(() =>
      shell.page.evaluate(async () => (await fetch('/rpc/workspace/status', { method: 'POST' })).status),
    )
    .toBe(200);
  const stop = async (): Promise<void> => {
    process.kill(shell.engine().pid, 'SIGKILL');
  };
  const host: EngineHost = { link: url, url, pid: shell.engine().pid, workspace: shell.workspace, stop };
  shells.set(host, shell);
  return { host, close: shell.close };
}

/** Collects what the page complains of, as the browser's fixture does, from the first time that it is entered. */
function listen(page: Page, complaints: string[]): void {
  const known = listening.get(page);
  if (known !== undefined) {
    known.complaints = complaints;
    return;
  }
  const target = { complaints };
  listening.set(page, target);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') target.complaints.push(message.text());
  });
  page.on('pageerror', (error) => target.complaints.push(error.message));
}

/** The same fixtures as in a browser; the page is the desktop window, driven by Playwright through Electron. */
export const desktopTest = base.extend<DesktopFixtures, DesktopWorkerFixtures>({
  display: [
    async ({}, use) => {
      const display = await openDisplay();
      await use(display);
      if ('value' in display) display.value.close();
    },
    { scope: 'worker' },
  ],
  demoHost: [
    async ({ display }, use) => {
      const folder = temporaryFolder();
      const workspace = path.join(folder, 'workspace');
      await falaj(['demo', '--rows', '20k', '--dir', workspace, '--quiet'], { FALAJ_PASSPHRASE: PASSPHRASE });
      const { host, close } = await openHost(display, workspace);
      await use(host);
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  emptyHost: async ({ display }, use) => {
    const { host, close } = await openHost(display);
    await use(host);
    await close();
  },
  complaints: async ({}, use) => {
    await use([]);
  },
  quiet: [
    async ({ complaints }, use) => {
      await use(undefined);
      // A refused call (a wrong passphrase, a missing object) is the browser's own line, not the page's.
      expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    },
    { auto: true },
  ],
  enter: async ({ complaints }, use) => {
    await use(async (host: EngineHost, address = '/', preferences: Preferences = {}) => {
      const { page } = shells.get(host)!;
      listen(page, complaints);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.evaluate((chosen) => localStorage.setItem('falaj.preferences', JSON.stringify(chosen)), {
        language: 'en',
        theme: 'light',
        ...preferences,
      });
      await page.goto(new URL(address, host.url).href);
      return page;
    });
  },
});

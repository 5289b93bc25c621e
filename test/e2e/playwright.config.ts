import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { inDesktopWindow } from './screens/support/where.ts';

/** The one that was named, else the system's, else the one that Playwright knows. */
const chromium = [process.env['FALAJ_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (file) => file !== undefined && existsSync(file),
);

/** Nothing that a browser does by itself on the network. */
const offline = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/** The screens in a browser (`chromium`), and the desktop shell with (`FALAJ_SCREENS=desktop`) the same screens in it (`electron`). */
export default defineConfig({
  testDir: '.',
  globalSetup: '../fixtures/own-temporary-folder.ts',
  outputDir: '../../test-results/e2e',
  fullyParallel: false,
  workers: 1,
  // On a busy machine a time may run out (an Electron now and then does not start within Playwright's); a second try is reported
  // as flaky.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  projects: [
    {
      name: 'chromium',
      testMatch: inDesktopWindow ? [] : 'screens/**/*.e2e.ts',
      use: {
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          args: process.getuid?.() === 0 ? [...offline, '--no-sandbox'] : offline,
        },
      },
    },
    {
      name: 'electron',
      testMatch: inDesktopWindow ? ['electron/**/*.e2e.ts', 'screens/**/*.e2e.ts'] : 'electron/**/*.e2e.ts',
    },
  ],
});

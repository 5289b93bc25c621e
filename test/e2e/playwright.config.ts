import { defineConfig } from '@playwright/test';

const chromium = process.env['FALAJ_CHROMIUM'];

/** The screens in a browser (`chromium`), and the desktop shell around them (`electron`). */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: 'list',
  projects: [
    {
      name: 'chromium',
      testMatch: 'chromium/**/*.e2e.ts',
      use: {
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(chromium === undefined ? {} : { executablePath: chromium }),
          args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        },
      },
    },
    { name: 'electron', testMatch: 'electron/**/*.e2e.ts' },
  ],
});

import { test as base } from '@playwright/test';
import { type Display, openDisplay } from './display.ts';
import { builtProduct, electronBinary, type Found } from './runtime.ts';
import { openShell, type Shell } from './shell.ts';

interface WorkerFixtures {
  readonly display: Found<Display>;
  /** One window for all tests of a file that leave it as they found it. */
  readonly sharedShell: Shell;
}

interface TestFixtures {
  /** A window that a test may break. */
  readonly shell: Shell;
}

function need<T>(found: Found<T>): T {
  if ('missing' in found) {
    base.skip(true, `the desktop shell cannot be driven here: missing ${found.missing}`);
    throw new Error(found.missing); // skip() throws already; this is for the compiler
  }
  return found.value;
}

const open = (display: Found<Display>): Promise<Shell> =>
  openShell({ binary: need(electronBinary()), app: need(builtProduct()), display: need(display).name });

export const test = base.extend<TestFixtures, WorkerFixtures>({
  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures wanted from this pattern.
    async ({}, use) => {
      const display = await openDisplay();
      await use(display);
      if ('value' in display) display.value.close();
    },
    { scope: 'worker' },
  ],
  sharedShell: [
    async ({ display }, use) => {
      const shell = await open(display);
      await use(shell);
      await shell.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  shell: async ({ display }, use) => {
    const shell = await open(display);
    await use(shell);
    await shell.close();
  },
});

export { expect } from '@playwright/test';
export { need };

import type { Page } from '@playwright/test';
import { type EngineHost, falaj } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

/** As from the command line, into the engine that the screens show. */
async function startScript(
  { workspace }: EngineHost,
  more: readonly string[],
  program: string,
): Promise<string> {
  const output = await falaj(
    ['run', '--workspace', workspace, '--detach', '--json', ...more, '--', 'sh', '-c', program],
    { FALAJ_PASSPHRASE: PASSPHRASE },
  );
  return (JSON.parse(output) as { job: string }).job;
}

const to = (page: Page, address: string) => page.goto(new URL(address, page.url()).href);

test('a script is halted and let go on, and what waits for it is moved and held back', async ({
  demoHost,
  enter,
}) => {
  const page = await enter(demoHost, '/jobs');
  const first = await startScript(demoHost, ['--retries', '2', '--time-limit', '8h'], 'sleep 600');
  const second = await startScript(demoHost, ['--after', first], 'exit 3');
  await expect(page.getByRole('row').filter({ hasText: 'sleep 600' })).toContainText('Running');
  await expect(page.getByRole('row').filter({ hasText: 'exit 3' })).toContainText('Waits for other jobs');
  await expect(page.getByRole('region', { name: 'What the queue has to give' })).toContainText('Scripts1');
  await expectAccessible(page);
  await page.getByText('Waiting', { exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: 'sleep 600' })).toHaveCount(0);

  await page.getByRole('row').filter({ hasText: 'exit 3' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${second}\\?state=waiting$`));
  await page.getByRole('combobox', { name: 'Priority' }).click();
  await page.getByRole('option', { name: 'High' }).click();
  await expect(page.getByRole('combobox', { name: 'Priority' })).toHaveValue('High');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Waits to be resumed')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('Waits for other jobs')).toBeVisible();

  await to(page, `/jobs/${first}`);
  await expect(page.getByText('1 of 3')).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: 'Running' })).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  // What is halted neither moves nor says that it runs.
  await expect(page.getByRole('definition').filter({ hasText: 'Paused' })).toBeVisible();
  const bar = page.locator('main').getByRole('progressbar');
  await expect
    .poll(() => bar.evaluate((track) => track.getAnimations({ subtree: true }).map(String)))
    .toEqual([]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  if (!inDesktopWindow) {
    // A browser came by a link: it steers programs, and starts none.
    await expect(again).toHaveAccessibleDescription(new RegExp(`falaj jobs retry ${first}`));
    await expect(again).toHaveAttribute('aria-disabled', 'true');
    await expectAccessible(page);
  }
  await to(page, `/jobs/${second}`);
  await expect(page.getByText('which is cancelled')).toBeVisible();
});

test('whoever works elsewhere is told of the end by the system, without any name', async ({
  demoHost,
  enter,
}) => {
  test.skip(inDesktopWindow, 'a window cannot be given another system');
  const page = await enter(demoHost, '/data');
  await page.context().grantPermissions(['notifications'], { origin: demoHost.url });
  await page.reload();
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, {
      told,
      Notification: class {
        static readonly permission = 'granted';
        constructor(title: string, { body }: NotificationOptions) {
          told.push(`${title}: ${body ?? ''}`);
        }
      },
    });
    document.hasFocus = () => false;
  });
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('switch', { name: /while I work elsewhere/ })).toBeChecked();
  await expectAccessible(page);
  await startScript(demoHost, [], 'sleep 2');
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told), { timeout: 20_000 })
    .toEqual(['Script: It is done.']);
});

test('the board reads from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/jobs', { language: 'ar', theme: 'dark' });
  const job = await startScript(demoHost, ['--priority', 'high'], 'sleep 601');
  await expect(page.getByRole('row').filter({ hasText: 'sleep 601' })).toContainText('عالية');
  await expectAccessible(page);
  await to(page, `/jobs/${job}`);
  await page.getByRole('button', { name: 'إيقاف مؤقت' }).click();
  await expect(page.getByRole('button', { name: 'استئناف' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'إلغاء' }).click();
  await expect(page.getByRole('button', { name: 'إعادة المحاولة' })).toBeVisible();
});

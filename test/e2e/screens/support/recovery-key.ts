import { expect, type Page } from '@playwright/test';

/** The groups of the recovery key that the page shows, once it does. */
export async function shownKey(page: Page): Promise<readonly string[]> {
  const key = page.getByTestId('recovery-key');
  await expect(key).toBeVisible({ timeout: 20_000 });
  return key.locator('span').allTextContents();
}

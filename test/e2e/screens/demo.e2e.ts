import { expect, PASSPHRASE, test } from './support/fixtures.ts';
import { shownKey } from './support/recovery-key.ts';

test('the demo runs from the first screen to a signed model', async ({ emptyHost, enter }) => {
  test.setTimeout(180_000);
  const page = await enter(emptyHost);
  await page.getByRole('button', { name: /Try it on real flights/ }).click();
  await page.getByLabel(/^Passphrase(?! again)/).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByText('20 thousand').click();
  await page.getByRole('button', { name: 'Create' }).click();
  const key = await shownKey(page);
  await page.getByLabel('Type the last group to go on').fill(key.at(-1)!);
  await page.getByRole('button', { name: 'I have kept it' }).click();

  await expect(page).toHaveURL(/\/jobs\//);
  const main = page.getByRole('main');
  await expect(main.getByText('Challenger AUC')).toBeVisible({ timeout: 150_000 });
  await expect(main.getByText('Done', { exact: true }).first()).toBeVisible();
  await main.getByRole('link', { name: 'Show the result' }).click();
  await expect(page).toHaveURL(/\/models\//);
  await page.getByRole('link', { name: 'Overview' }).click();
  const flow = page.getByRole('navigation', { name: 'From data to decisions' });
  await expect(flow.getByRole('link', { name: /Datasets\s*2/ })).toBeVisible();
});

import { expect, expectAccessible, PASSPHRASE, test } from './support/fixtures.ts';
import { shownKey } from './support/recovery-key.ts';

test('the first start makes a workspace and shows its recovery key once', async ({ emptyHost, enter }) => {
  const page = await enter(emptyHost);
  await expect(page.getByRole('heading', { name: 'Falaj' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /New workspace/ }).click();
  await page.getByLabel('Name').fill('تجربة First');
  await page.getByLabel('Passphrase', { exact: false }).first().fill('short');
  await expect(page.getByText('Too short')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create' })).toBeDisabled();
  await page.getByLabel(/^Passphrase(?! again)/).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill('something else');
  await expect(page.getByText('The two differ.')).toBeVisible();
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create' }).click();

  const key = await shownKey(page);
  expect(key.length).toBeGreaterThan(4);
  await expect(page.getByRole('button', { name: 'I have kept it' })).toBeDisabled();
  await expectAccessible(page);
  await page.getByLabel('Type the last group to go on').fill(key.at(-1)!.toLowerCase());
  await page.getByRole('button', { name: 'I have kept it' }).click();

  await expect(page.getByRole('navigation', { name: 'From data to decisions' })).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('تجربة First');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Workspace', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Lock the workspace' }).click();
  await expect(page.getByRole('heading', { name: 'Workspace locked' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel(/^Passphrase/).fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('alert')).toContainText('That did not unlock the workspace');
  await page.getByRole('button', { name: 'Use the recovery key' }).click();
  await page.getByLabel('Recovery key').fill(key.join(' ').toLowerCase());
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('navigation', { name: 'From data to decisions' })).toBeVisible();
});

test('too many wrong passphrases make the next one wait', async ({ emptyHost, enter }) => {
  const page = await enter(emptyHost);
  await page.getByRole('button', { name: /New workspace/ }).click();
  await page.getByLabel('Name').fill('Locked');
  await page.getByLabel(/^Passphrase(?! again)/).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Create' }).click();
  const key = await shownKey(page);
  await page.getByLabel('Type the last group to go on').fill(key.at(-1)!);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('button', { name: 'Workspace', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Lock the workspace' }).click();
  for (let attempt = 0; attempt < 8; attempt++) {
    const button = page.getByRole('button', { name: /^(Unlock|Wait)/ });
    await page.getByLabel(/^Passphrase/).fill(`wrong ${String(attempt)}`);
    if ((await button.textContent())?.includes('Wait')) break;
    await button.click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(button).not.toHaveAttribute('data-loading', 'true');
  }
  await expect(page.getByRole('alert')).toContainText('Too many tries');
});

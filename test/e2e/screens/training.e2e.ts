import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { falaj, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const pick = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

test('a table becomes a model without a line of code', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/training');
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'New training' }).click();
  await expect(page.getByText('Still needed: a dataset, a label, features, a name')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Train now' })).toBeDisabled();

  await pick(page, 'Dataset', 'flights');
  await pick(page, 'Column to predict', 'delay');
  await expect(page.getByRole('img', { name: 'Distribution of delay' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Kind of label' })).toHaveValue('A number');
  await page.getByRole('checkbox', { name: 'A rule over columns makes the label' }).check();
  await page.getByRole('textbox', { name: 'Rule' }).fill('delay >>> 15');
  await page.getByText('Linear', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('late-by-rule');
  // The engine says what it does not take, before anything is begun.
  await expect(page.getByText('BAD_EXPRESSION')).toBeAttached();
  await expect(page.getByRole('button', { name: 'Train now' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Rule' }).fill('delay > 15');
  await expect(page.getByText('Ready: the engine takes this definition.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Definition' })).toContainText('expression: delay > 15');
  await expect(page.getByRole('region', { name: 'Definition' })).not.toContainText('- delay');
  await expectAccessible(page);

  // The address holds the form.
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Rule' })).toHaveValue('delay > 15');
  await page.getByRole('button', { name: 'Train now' }).click();
  await expect(page).toHaveURL(/\/jobs\//);
  await page.getByRole('link', { name: 'Show the result' }).click({ timeout: 60_000 });
  await expect(page).toHaveURL(/\/runs\//);
  await expect(page.getByRole('heading', { name: /late-by-rule/ })).toBeVisible();

  // What was said, and a look into what was kept.
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Log' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /^Artifacts/ }).click();
  await page.getByRole('row').filter({ hasText: '.json' }).first().click();
  await expect(page.getByRole('region', { name: 'Preview' })).toContainText('{');
  await expectAccessible(page);

  await page.goto(new URL('/training/late-by-rule', page.url()).href);
  await expect(page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1)).toContainText(
    'late-by-rule',
  );
  await expectAccessible(page);
});

test('a search is judged by one metric, or by up to three at once', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/training/~new');
  const definition = page.getByRole('region', { name: 'Definition' });
  const judged = page.getByRole('region', { name: 'Trials are judged by' });
  await pick(page, 'Dataset', 'flights');
  await page.getByRole('checkbox', { name: 'A rule over columns makes the label' }).check();
  await page.getByRole('textbox', { name: 'Rule' }).fill('delay > 15');
  await page.getByRole('textbox', { name: 'Name' }).fill('late-and-small');
  // All learners are judged by one metric: what models cost differs between them.
  await expect(judged.getByText('more is better')).toBeVisible();
  await expect(judged.getByRole('button')).toHaveCount(0);
  await page.getByText('Boosted trees', { exact: true }).click();
  await expect(judged).toBeHidden();
  await page.getByRole('textbox', { name: 'Trials' }).fill('12');
  await pick(page, 'Objective 1', 'log loss');
  await expect(judged.getByText('less is better')).toBeVisible();
  await expect(definition).toContainText('metric: logloss');
  await judged.getByRole('button', { name: 'Add an objective' }).click();
  await pick(page, 'Objective 2', 'Bytes of the model');
  await judged.getByRole('button', { name: 'Add an objective' }).click();
  await expect(judged.getByRole('button', { name: 'Add an objective' })).toBeHidden();
  await judged
    .getByRole('button', { name: /^Remove/ })
    .last()
    .click();
  await pick(page, 'Which trial becomes the model', 'The best in Bytes of the model');
  await page.getByRole('textbox', { name: 'At most so much worse in log loss' }).fill('0.01');
  await expect(definition).toContainText('within: 0.01');
  await expect(page.getByText('Ready: the engine takes this definition.')).toBeVisible();
  await expectAccessible(page);
});

test('the steps read from right to left in Arabic', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/training/~new', { language: 'ar', theme: 'dark' });
  await pick(page, 'مجموعة البيانات', 'flights');
  await pick(page, 'العمود المطلوب التنبؤ به', 'delay');
  await expect(page.getByRole('combobox', { name: 'نوع الهدف' })).toHaveValue('عدد');
  await expect(page.getByText('جاهز: يقبل المحرك هذا التعريف.')).toBeVisible();
  await expectAccessible(page);
  const [steps, definition] = await Promise.all([
    page.getByRole('group', { name: 'مما يتعلّم' }).boundingBox(),
    page.getByRole('region', { name: 'التعريف' }).boundingBox(),
  ]);
  expect(steps!.x).toBeGreaterThan(definition!.x);
});

test('a script of a person is started on the machine, and its button says so in a browser', async ({
  demoHost,
  enter,
}) => {
  test.skip(inDesktopWindow, 'the desktop window is the machine itself');
  const folder = temporaryFolder();
  const training = {
    kind: 'Training',
    name: 'own-forest',
    entities: { dataset: 'flights', eventTime: 'date' },
    columns: ['distance'],
    label: { column: 'delay' },
    task: 'regression',
    learner: { kind: 'python', script: 'train.py', gpus: 1 },
  };
  try {
    writeFileSync(path.join(folder, 'train.py'), 'print("learn")\n');
    writeFileSync(path.join(folder, 'falaj.yaml'), JSON.stringify(training));
    await falaj(['apply', '--workspace', demoHost.workspace, '-f', path.join(folder, 'falaj.yaml')], {
      FALAJ_PASSPHRASE: PASSPHRASE,
    });
    const page = await enter(demoHost, '/training/own-forest');
    const button = page.getByRole('button', { name: 'Train now' });
    const reason = /Start it on the machine itself: \u2066falaj train own-forest\u2069$/;
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(reason);
    await button.focus();
    await expect(page.getByRole('tooltip')).toHaveText(reason);
    await expect(button).toHaveAccessibleDescription(reason);
    await expectAccessible(page);
    await button.press('Enter');
    await expect(page).toHaveURL(/\/training\/own-forest/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

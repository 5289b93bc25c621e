import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineHost, falaj, startHost, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, PASSPHRASE, test } from './support/fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const pictures = path.join(fileURLToPath(new URL('../../../', import.meta.url)), 'test-results/screens');

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

const MLMODEL = `
flavors:
  python_function: {loader_module: mlflow.sklearn}
  sklearn: {sklearn_version: 1.7.2}
signature:
  inputs: '[{"type": "double", "name": "distance", "required": true}]'
  outputs: '[{"type": "long", "name": "late"}]'
`;

let host: EngineHost;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  mkdirSync(pictures, { recursive: true });
  const workspace = path.join(temporaryFolder(), 'workspace');
  const secret = { FALAJ_PASSPHRASE: PASSPHRASE };
  await falaj(['init', workspace, '--name', 'models', '--quiet'], secret);
  host = await startHost({ workspace, passphrase: PASSPHRASE });
  const created = await falaj(
    ['token', 'create', '--scope', 'mlflow', '--workspace', workspace, '--json'],
    secret,
  );
  await registerFolder((JSON.parse(created) as { token: string }).token);
});
test.afterAll(() => host.stop());

/** A run with the files of a model, registered with labels, as a client of MLflow does it. */
async function registerFolder(token: string): Promise<void> {
  const ask = async (method: string, where: string, body: object | string): Promise<unknown> => {
    const answer = await fetch(`${host.url}/api/2.0/${where}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect([where, answer.status]).toEqual([where, 200]);
    return answer.json();
  };
  const post = (call: string, body: object): Promise<unknown> => ask('POST', `mlflow/${call}`, body);
  const { run } = (await post('runs/create', { experiment_id: '0', run_name: 'fit' })) as {
    run: { info: { run_id: string } };
  };
  const { run_id } = run.info;
  await post('runs/log-metric', { run_id, key: 'accuracy', value: 0.93, timestamp: 1, step: 0 });
  for (const [file, text] of Object.entries({ MLmodel: MLMODEL, 'model.skops': 'weights' }))
    await ask('PUT', `mlflow-artifacts/artifacts/0/${run_id}/artifacts/model/${file}`, text);
  await post('registered-models/create', { name: 'risk' });
  await post('registered-models/create', { name: 'draft' });
  await post('model-versions/create', { name: 'risk', source: `runs:/${run_id}/model` });
  await post('registered-models/alias', { name: 'risk', alias: 'trial', version: '1' });
  await ask('DELETE', 'mlflow/registered-models/alias', { name: 'risk', alias: 'trial' });
  await post('model-versions/transition-stage', { name: 'risk', version: '1', stage: 'Staging' });
  await post('model-versions/set-tag', { name: 'risk', version: '1', key: 'team', value: 'credit' });
  await ask('PATCH', 'mlflow/model-versions/update', {
    name: 'risk',
    version: '1',
    description: 'يقدّر المخاطر',
  });
}

const KEPT = { en: /kept and signed here as it is, not run here/, ar: /ولا يُشغَّل هنا/ } as const;

for (const language of ['en', 'ar'] as const)
  for (const theme of ['light', 'dark'] as const)
    test(`a registered folder says what it is and is accessible, ${language} ${theme}`, async ({ enter }) => {
      const page = await enter(host, '/models/risk', { language, theme });
      await expect(page.getByText(KEPT[language])).toBeVisible();
      for (const text of ['mlflow-sklearn', 'python_function', 'Staging', 'team: credit', 'يقدّر المخاطر'])
        await expect(page.getByText(text).first()).toBeVisible();
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.screenshot({
        path: path.join(pictures, `models-folder.${language}.${theme}.png`),
        animations: 'disabled',
      });
      await expectAccessible(page);
    });

test('its evidence is that of every model: files, run, metrics, columns, aliases', async ({ enter }) => {
  const page = await enter(host, '/models/risk');
  await page.getByRole('button', { name: 'Verify now' }).click();
  for (const file of ['MLmodel', 'falaj-model.json', 'model.sig', 'model.skops'])
    await expect(page.getByRole('row').filter({ hasText: file })).toContainText('Unchanged');
  const seals = page.getByRole('navigation', { name: 'Passport' });
  await expect(seals.getByText('Known in part')).toBeVisible(); // its run alone
  await seals.getByText('Metrics').click();
  await expect(page.getByRole('row').filter({ hasText: 'accuracy' })).toContainText('0.9300');
  await seals.getByText('Inputs and outputs').click();
  await expect(page.getByRole('row').filter({ hasText: 'distance' })).toContainText('double');
  await seals.getByText('Aliases and versions').click();
  await expect(page.getByText('taken from v1')).toBeVisible();
});

test('a model without versions is told from one that is not there', async ({ enter }) => {
  const page = await enter(host, '/models/draft');
  await expect(page.getByText('draft has no version yet')).toBeVisible();
  await expectAccessible(page);
});

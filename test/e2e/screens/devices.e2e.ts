import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineHost, falaj, startHost, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/devices/', import.meta.url));
const UUID = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0d';

/** A machine with three NVIDIA cards whose table and processes a test changes while the engine runs. */
async function startMachine() {
  const folder = temporaryFolder();
  const file = (name: string): string => path.join(folder, name);
  mkdirSync(file('bin'));
  symlinkSync(path.join(fixtures, 'nvidia-smi.mjs'), file('bin/nvidia-smi'));
  const cards = readFileSync(path.join(fixtures, 'nvidia-health.csv'), 'utf8');
  writeFileSync(file('cards.csv'), cards);
  writeFileSync(file('apps.csv'), '');
  const workspace = file('workspace');
  await falaj(['init', workspace, '--name', 'Lab'], { FALAJ_PASSPHRASE: PASSPHRASE });
  const host = await startHost({
    workspace,
    passphrase: PASSPHRASE,
    environment: {
      PATH: `${file('bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      FALAJ_FAKE_CARDS: file('cards.csv'),
      FALAJ_FAKE_APPS: file('apps.csv'),
    },
  });
  return {
    host,
    file,
    setProcesses: (text: string): void => writeFileSync(file('apps.csv'), text),
    takeOut: (id: string): void => {
      const left = cards.split('\n').filter((line) => !line.includes(id));
      writeFileSync(file('cards.csv'), left.join('\n'));
    },
    async end() {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startScript({ workspace }: EngineHost, program: string): Promise<string> {
  const output = await falaj(
    ['run', '--workspace', workspace, '--detach', '--json', '--', 'sh', '-c', program],
    { FALAJ_PASSPHRASE: PASSPHRASE },
  );
  return (JSON.parse(output) as { job: string }).job;
}

test('a device tells how it is, who uses it, and when it is lost', async ({ enter }) => {
  test.skip(inDesktopWindow, 'the machine is made up for an engine of its own');
  test.setTimeout(120_000);
  const machine = await startMachine();
  try {
    const page = await enter(machine.host, '/');
    await page.goto(new URL('/devices', machine.host.url).href);
    const card = (text: string) => page.getByRole('article').filter({ hasText: text });
    const sick = card('Failed: gets no work');
    await expect(sick).toContainText('The driver says that it must be reset or freed.');
    await expect(sick).toContainText('2 memory errors could not be corrected since the driver was loaded.');
    await expect(sick.getByRole('list', { name: 'What to do' })).toContainText('nvidia-smi --gpu-reset');
    await sick.getByText('All figures').click();
    await expect(sick).toContainText('heat (driver) · heat (hardware)');
    await expect(sick).toContainText('the device does not tell');
    await expectAccessible(page);

    const job = await startScript(machine.host, `echo $$ > ${machine.file('pid')}; sleep 600`);
    await expect
      .poll(() => {
        try {
          return readFileSync(machine.file('pid'), 'utf8').trim();
        } catch {
          return '';
        }
      })
      .toMatch(/^\d+$/);
    const pid = readFileSync(machine.file('pid'), 'utf8').trim();
    machine.setProcesses(`${UUID}1, ${pid}, 5120, /bin/sh\n${UUID}1, 1, [N/A], /sbin/init\n`);
    const users = page.getByRole('table', { name: 'In use by' });
    await expect(users.getByRole('row').filter({ hasText: pid })).toContainText('5.0 GiB');
    await expect(users.getByRole('row').filter({ hasText: 'init' })).toContainText('–');
    await expectAccessible(page);

    machine.takeOut(`${UUID}3`);
    const notice = page.getByRole('alert').filter({ hasText: 'NVIDIA TITAN V' });
    await expect(notice).toContainText('The driver does not list it any more.', { timeout: 30_000 });
    await expect(card('NVIDIA TITAN V')).toContainText('Failed: gets no work');

    await users.getByRole('link', { name: 'Job' }).click();
    await expect(page).toHaveURL(new RegExp(`/jobs/${job}$`));
    await page.getByRole('button', { name: 'Cancel' }).click();
  } finally {
    await machine.end();
  }
});

test('a model and a training tell where they can run, and why not elsewhere', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/');
  await page.goto(new URL('/models/flight-delay/1/interface', page.url()).href);
  const check = page.getByRole('region', { name: 'Where it can run now' });
  await expect(check.getByRole('row').nth(1)).toContainText('It fits.');
  await expectAccessible(page);
  await page.goto(new URL('/training', page.url()).href);
  await page.getByRole('row').nth(1).click();
  await expect(check.getByRole('row').nth(1)).toContainText('Yes');
  await expectAccessible(page);
});

test('what probes and runtimes say is said in the language of the screen', async ({ demoHost, enter }) => {
  const page = await enter(demoHost, '/devices', { language: 'ar' });
  const said = page.getByRole('table').locator('tr td:last-child');
  await expect(said.first()).toHaveText(/\p{Script=Arabic}/u);
  for (const text of await said.allInnerTexts()) expect(text).toMatch(/\p{Script=Arabic}/u);
  await expectAccessible(page);
});

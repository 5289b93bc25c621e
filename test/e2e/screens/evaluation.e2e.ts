import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { byChance, visitLines } from '../../fixtures/visit-lines.ts';
import { type EngineHost, falaj, startHost, temporaryFolder } from './support/engine-host.ts';
import { expect, expectAccessible, test } from './support/fixtures.ts';
import { PASSPHRASE } from './support/screen-fixtures.ts';
import { inDesktopWindow } from './support/where.ts';

const pictures = path.join(fileURLToPath(new URL('../../../', import.meta.url)), 'test-results/screens');
const secret = { FALAJ_PASSPHRASE: PASSPHRASE };

/** Visits of a shop whose label is a yes or no, one of four sizes, or a number. */
const TRAININGS = {
  binary: {
    lines: visitLines(4000, byChance),
    text: '{name: binary, task: binary, calibrate: platt}',
  },
  multiclass: {
    lines: visitLines(
      3000,
      (chance, random) => ['none', 'one', 'واحد أو أكثر'][Math.floor(2.4 * chance + 0.6 * random)]!,
    ),
    text: '{name: multiclass, task: multiclass}',
  },
  regression: {
    lines: visitLines(3000, (chance, random) => (10 * chance + random).toFixed(3)),
    text: '{name: regression, task: regression}',
  },
} as const;

test.skip(inDesktopWindow, 'the page is of a workspace of its own, which a browser opens');

let host: EngineHost;
const runs = new Map<string, string>();

test.beforeAll(async () => {
  test.setTimeout(240_000);
  mkdirSync(pictures, { recursive: true });
  const folder = temporaryFolder();
  const workspace = path.join(folder, 'workspace');
  await falaj(['init', workspace, '--name', 'shop', '--quiet'], secret);
  for (const [name, { lines, text }] of Object.entries(TRAININGS)) {
    const csv = path.join(folder, `${name}.csv`);
    writeFileSync(csv, lines);
    const at = ['--workspace', workspace, '--quiet'];
    await falaj(['data', 'import', csv, '--name', name, '--event-time', 'at', ...at], secret);
    const file = path.join(folder, `${name}.yaml`);
    const fields = text.slice(1, -1).split(', ').join('\n');
    writeFileSync(
      file,
      `kind: Training\n${fields}\nentities: {dataset: ${name}}\ncolumns: [price, town, member]\nexpressions: [{name: hour, expression: 'hour("at")'}]\nlabel: {column: bought}\nbaseline: {groupBy: town}\nlearner: {kind: gbdt, trees: 60, leaves: 8}\n`,
    );
    const done = await falaj(['train', '-f', file, '--wait', '--json', ...at], secret);
    runs.set(name, (JSON.parse(done) as { run: string }).run);
  }
  host = await startHost({ workspace, passphrase: PASSPHRASE });
});
test.afterAll(() => host.stop());

for (const language of ['en', 'ar'] as const)
  for (const theme of ['light', 'dark'] as const)
    for (const name of ['binary', 'multiclass', 'regression'])
      test(`the evaluation of a ${name} run is drawn and accessible, ${language} ${theme}`, async ({
        enter,
      }) => {
        const page = await enter(host, `/runs/${runs.get(name)!}/evaluation`, { language, theme });
        await page.setViewportSize({ width: 1440, height: 2400 });
        await expect(page.locator('figure')).toHaveCount(
          name === 'multiclass' ? 9 : name === 'binary' ? 8 : 6,
        );
        const base = language === 'en' ? /^Base \S+; with all contributions/ : /^الأساس \S+، وبكل إضافات/;
        await expect(page.getByText(base)).toBeVisible();
        await page.evaluate(() => document.fonts.ready.then(() => undefined));
        await page.screenshot({
          path: path.join(pictures, `evaluation-${name}.${language}.${theme}.png`),
          animations: 'disabled',
        });
        await expectAccessible(page);
      });

test('moving the threshold changes every figure at once, and leads back to the chosen one', async ({
  enter,
}) => {
  const page = await enter(host, `/runs/${runs.get('binary')!}/evaluation`);
  const figure = page.locator('figure').filter({ has: page.getByRole('slider') });
  const recall = figure.locator('dl div').nth(1).locator('dd');
  const before = await recall.textContent();
  await figure.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(recall).toHaveText('1.000');
  await figure.getByRole('button', { name: 'Back to it' }).click();
  await expect(recall).toHaveText(before!);
});

test('the threshold is dragged where it is shown in Arabic', async ({ enter }) => {
  const page = await enter(host, `/runs/${runs.get('binary')!}/evaluation`, { language: 'ar' });
  const thumb = page.locator('figure').getByRole('slider');
  await thumb.press('Home');
  const track = (await thumb.locator('xpath=..').boundingBox())!;
  const middle = { x: track.x + track.width / 2, y: track.y + track.height / 2 };
  const quarter = { x: track.x + track.width * 0.75, y: middle.y };
  await page.mouse.click(quarter.x, quarter.y);
  await expect(thumb).toHaveAttribute('aria-valuenow', /^0\.2[45]/);
  const at = (await thumb.boundingBox())!;
  expect(Math.abs(at.x + at.width / 2 - quarter.x)).toBeLessThan(8);
  const bar = (await page.locator('figure .mantine-Slider-bar').boundingBox())!;
  expect(Math.abs(bar.x - quarter.x)).toBeLessThan(12);
});

test('choosing a class shows its curves', async ({ enter }) => {
  const page = await enter(host, `/runs/${runs.get('multiclass')!}/evaluation`);
  await page.getByRole('button', { name: 'none', exact: true }).click();
  await expect(page.getByText('The curves show none.')).toBeVisible();
});

// The desktop window: a contract call from the page to the engine and back, and (measured by the shell's own tests, in a window
// of its own) its first paint and what it holds in memory when idle. Needs an Electron: node scripts/get-electron.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { openDisplay } from '../e2e/electron/support/display.ts';
import { builtProduct, electronBinary, type Found, projectRoot } from '../e2e/electron/support/runtime.ts';
import { openShell } from '../e2e/electron/support/shell.ts';
import { brief, type Figure, quantile, reportFigures } from './support/report-figures.ts';

const CALLS = brief ? 300 : 3_000;
const FIGURES = path.join(projectRoot, 'test-results', 'electron-figures.json');
const figuresSchema = z.object({
  firstContentfulPaintMs: z.number(),
  engineAnsweredMs: z.number(),
  idleBytes: z.number(),
  bytesByPart: z.record(z.string(), z.number()),
});

function need<T>(found: Found<T>): T {
  if ('value' in found) return found.value;
  throw new Error(`The window cannot be measured here: missing ${found.missing}.`);
}

async function callTimesMs(): Promise<number[]> {
  const display = need(await openDisplay());
  const shell = await openShell({
    binary: need(electronBinary()),
    app: need(builtProduct()),
    display: display.name,
  });
  try {
    return await shell.page.evaluate(async (calls) => {
      const times: number[] = [];
      for (let n = -200; n < calls; n++) {
        const startedMs = performance.now();
        const answer = await fetch('/rpc/workspace/status', { method: 'POST' });
        await answer.json();
        if (n >= 0) times.push(performance.now() - startedMs);
      }
      return times;
    }, CALLS);
  } finally {
    await shell.close();
    display.close();
  }
}

function shellFigures(): Figure[] {
  rmSync(FIGURES, { force: true });
  const run = spawnSync(
    process.execPath,
    [
      path.join(projectRoot, 'node_modules/@playwright/test/cli.js'),
      'test',
      '--config=test/e2e/playwright.config.ts',
      '--project=electron',
      'figures',
    ],
    { cwd: projectRoot, encoding: 'utf8' },
  );
  // What missed its limit fails there, but is measured all the same.
  if (!existsSync(FIGURES))
    throw new Error(`The shell's figures could not be taken:\n${run.stdout}${run.stderr}`);
  const figures = figuresSchema.parse(JSON.parse(readFileSync(FIGURES, 'utf8')));
  const parts = Object.entries(figures.bytesByPart)
    .map(([name, bytes]) => `${name} ${Math.round(bytes / 1e6)}`)
    .join(', ');
  return [
    {
      measure: 'First contentful paint of the window, from the start of its process',
      value: figures.firstContentfulPaintMs,
      unit: 'ms',
      atMost: 1500,
      note: `the engine's first answer on the page after ${figures.engineAnsweredMs} ms`,
    },
    {
      measure: 'Idle memory of window, host and engine (PSS)',
      value: figures.idleBytes / 1e6,
      unit: 'MB',
      atMost: 350,
      note: parts,
    },
  ];
}

const times = await callTimesMs();
reportFigures([
  {
    measure: 'Contract call through the window, p50',
    value: quantile(times),
    unit: 'ms',
    atMost: 3,
    note: `p99 ${quantile(times, 0.99).toFixed(2)} ms, ${CALLS} calls`,
  },
  ...shellFigures(),
]);

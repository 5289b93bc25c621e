import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './support/fixtures.ts';
import { call } from './support/page-calls.ts';
import { commandLine, processTree, proportionalBytes } from './support/processes.ts';
import { projectRoot } from './support/runtime.ts';

const SETTLE_MS = 4_000;
const IDLE_LIMIT_BYTES = 350 * 1024 * 1024;

/** Which part of the house a process is, from its command line. */
function part(pid: number, main: number, engine: number): string {
  if (pid === main) return 'main';
  if (pid === engine) return 'engine';
  return /--type=([\w-]+)/.exec(commandLine(pid))?.[1] ?? 'other';
}

test('the window, its host and the engine start quickly and idle within their limit', async ({ shell }) => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const { app, page, engine, startedAt } = shell;
  await expect(page.locator('#root')).not.toBeEmpty();
  await call(page, 'workspace/status');
  const engineAnsweredMs = Date.now() - startedAt;
  const firstPaintMs = await page.evaluate(
    (since) =>
      performance.timeOrigin +
      (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN) -
      since,
    startedAt,
  );
  await page.waitForTimeout(SETTLE_MS);

  const main = app.process().pid!;
  const pids = [...new Set([...processTree(main), ...processTree(engine().pid)])];
  const bytesByPart: Record<string, number> = {};
  for (const pid of pids) {
    const name = part(pid, main, engine().pid);
    bytesByPart[name] = (bytesByPart[name] ?? 0) + proportionalBytes(pid);
  }
  const idleBytes = Object.values(bytesByPart).reduce((sum, bytes) => sum + bytes, 0);

  const figures = { firstPaintMs: Math.round(firstPaintMs), engineAnsweredMs, idleBytes, bytesByPart };
  const folder = path.join(projectRoot, 'test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'electron-figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
  test.info().annotations.push({ type: 'figures', description: JSON.stringify(figures) });
  expect(idleBytes).toBeGreaterThan(50 * 1024 * 1024);
  expect(idleBytes).toBeLessThan(IDLE_LIMIT_BYTES);
});

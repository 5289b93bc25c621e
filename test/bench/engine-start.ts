// From nothing to the engine's first answer: its process is started, and asked over its socket.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openEngineDoor } from '../../src/main/connect/engine-door.ts';
import { createSocketClient } from '../../src/main/connect/socket-client.ts';
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const ROUNDS = brief ? 2 : 11;
const root = path.resolve(import.meta.dirname, '../..');
const built = path.join(root, 'dist', 'node', 'engine.mjs');
const engine = existsSync(built) ? built : path.join(root, 'src/main/engine/main.ts');

async function startOnce(): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fe-'));
  const startedMs = performance.now();
  const door = await openEngineDoor({
    workspace: path.join(folder, 'workspace'),
    program: { node: process.execPath, engine },
    logFile: path.join(folder, 'engine.log'),
    onGone: () => undefined,
    environment: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  const { client, close } = createSocketClient(door);
  await client.workspace.status();
  const elapsedMs = performance.now() - startedMs;
  close();
  door.close();
  process.kill(door.pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return elapsedMs;
}

await startOnce();
const sample: number[] = [];
for (let round = 0; round < ROUNDS; round++) sample.push(await startOnce());
reportFigures([
  {
    measure: 'Engine started and answering, median',
    value: quantile(sample),
    unit: 'ms',
    note: `${ROUNDS} starts`,
  },
]);

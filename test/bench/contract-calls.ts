// A small call of the contract in process, over the socket and over TCP, and a burst of live events: what the door costs.
//   node test/bench/contract-calls.ts
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readEngineFile } from '../../src/main/connect/engine-file.ts';
import { createInProcessClient } from '../../src/main/connect/in-process-client.ts';
import { createSocketClient } from '../../src/main/connect/socket-client.ts';
import { startEngineHost } from '../../src/main/engine/engine-host.ts';
import { createRouter } from '../../src/main/router/index.ts';
import { TinyEngine } from '../faults/engine-support/tiny-engine.ts';

const CALLS = 3_000;
const EVENTS = 9_000;

const engine = new TinyEngine();
const folder = mkdtempSync(path.join(os.tmpdir(), 'fb-'));
const report = (error: unknown): void => {
  throw error;
};

async function measure(name: string, call: () => Promise<unknown>): Promise<void> {
  for (let warm = 0; warm < 300; warm++) await call();
  const timesMs: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const start = performance.now();
    await call();
    timesMs.push(performance.now() - start);
  }
  timesMs.sort((a, b) => a - b);
  const at = (share: number): string => timesMs[Math.floor(CALLS * share)]!.toFixed(3);
  console.log(`${name.padEnd(12)} p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`);
}

const inProcess = createInProcessClient(createRouter(engine.asHosted(), report));
const host = await startEngineHost({
  engine: engine.asHosted(),
  workspace: folder,
  socketPath: path.join(folder, 'sockets', 'engine.sock'),
  screens: folder,
  idleExitMs: Number.POSITIVE_INFINITY,
  report,
  onIdle: () => undefined,
});
const socket = createSocketClient(readEngineFile(folder)!);
const door = await host.openWeb({ host: '127.0.0.1', port: 0, insecure: false });
const headers = { authorization: `Bearer ${door.token}` };

await measure('in process', () => inProcess.workspace.status());
await measure('socket', () => socket.client.workspace.status());
await measure('TCP, REST', async () => (await fetch(`${door.url}/api/workspace`, { headers })).json());

const stream = await socket.client.live.follow({ topics: [{ topic: 'metrics', run: 'r' }] });
await stream.next();
const start = performance.now();
for (let step = 0; step < EVENTS; step++)
  engine.bus.publish({ topic: 'metrics', run: 'r', metric: 'loss', step, value: step });
for (let step = 0; step < EVENTS; step++) await stream.next();
console.log(`${EVENTS} live events over the socket in ${(performance.now() - start).toFixed(0)} ms`);

await stream.return?.();
socket.close();
await host.close();
rmSync(folder, { recursive: true });

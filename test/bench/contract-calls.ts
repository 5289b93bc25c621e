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
import { brief, quantile, reportFigures } from './support/report-figures.ts';

const CALLS = brief ? 300 : 3_000;
const EVENTS = 9_000;

const engine = new TinyEngine();
const folder = mkdtempSync(path.join(os.tmpdir(), 'fb-'));
const report = (error: unknown): void => {
  throw error;
};

async function measure(call: () => Promise<unknown>): Promise<number[]> {
  for (let warm = 0; warm < 300; warm++) await call();
  const timesMs: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const start = performance.now();
    await call();
    timesMs.push(performance.now() - start);
  }
  return timesMs;
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

const inProcessMs = await measure(() => inProcess.workspace.status());
const socketMs = await measure(() => socket.client.workspace.status());
const tcpMs = await measure(async () => (await fetch(`${door.url}/api/workspace`, { headers })).json());

const stream = await socket.client.live.follow({ topics: [{ topic: 'metrics', run: 'r' }] });
await stream.next();
const start = performance.now();
for (let step = 0; step < EVENTS; step++)
  engine.bus.publish({ topic: 'metrics', run: 'r', metric: 'loss', step, value: step });
for (let step = 0; step < EVENTS; step++) await stream.next();
const eventsMs = performance.now() - start;

await stream.return?.();
socket.close();
await host.close();
rmSync(folder, { recursive: true });

const p99 = (timesMs: readonly number[]): string =>
  `p99 ${quantile(timesMs, 0.99).toFixed(2)} ms, ${CALLS} calls`;
reportFigures([
  {
    measure: 'Contract call in process, p50',
    value: quantile(inProcessMs),
    unit: 'ms',
    atMost: 1,
    note: p99(inProcessMs),
  },
  {
    measure: 'Contract call over the socket, p50',
    value: quantile(socketMs),
    unit: 'ms',
    note: p99(socketMs),
  },
  { measure: 'Contract call over TCP as REST, p50', value: quantile(tcpMs), unit: 'ms', note: p99(tcpMs) },
  { measure: `${EVENTS} live events over the socket`, value: eventsMs, unit: 'ms' },
]);

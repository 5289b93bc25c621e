import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPythonPackages, type PythonPackages } from '../../conformance/support/python-packages.ts';
import { treeMemoryMB } from './process-memory.ts';

export const MLFLOW_VERSION = '3.17.2';
const READY_WITHIN_MS = 120_000;

/** The whole of MLflow, with its server and with LightGBM for its autologging; installed once per clone. */
export const installMlflow = (): PythonPackages | string =>
  installPythonPackages(`mlflow-${MLFLOW_VERSION}-lightgbm`, [
    `mlflow==${MLFLOW_VERSION}`,
    'lightgbm==4.6.0',
  ]);

export interface TrackingServer {
  readonly url: string;
  readonly authorization: string | null;
  /** From the start of the process to the first answer. */
  readonly readyMs: number;
  /** Of all its processes once it was ready; null where the system does not tell. */
  readonly memoryMB: number | null;
  close(): Promise<void>;
}

/** Installs MLflow in an environment of its own, once per clone, and starts its server over SQLite with one worker. */
export async function startMlflow(): Promise<TrackingServer> {
  const python = installMlflow();
  if (typeof python === 'string') throw new Error(`MLflow could not be installed: ${python}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-mlflow-'));
  const port = await freePort();
  const store = [
    '--backend-store-uri',
    `sqlite:///${folder}/mlflow.db`,
    '--artifacts-destination',
    `${folder}/artifacts`,
  ];
  const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  const started = performance.now();
  const child = spawn(path.join(python.bin, 'mlflow'), ['server', ...store, ...where], {
    cwd: folder,
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      PATH: `${python.bin}:${process.env['PATH']}`,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      DO_NOT_TRACK: 'true',
    },
  });
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    process.kill(-child.pid!, 'SIGKILL'); // its own group: the server and its worker
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url);
  } catch (error) {
    await close();
    throw error;
  }
  const readyMs = performance.now() - started;
  return { url, authorization: null, readyMs, memoryMB: treeMemoryMB(child.pid!), close };
}

async function answers(url: string): Promise<void> {
  for (const deadline = performance.now() + READY_WITHIN_MS; performance.now() < deadline; await sleep(50)) {
    const status = await fetch(`${url}/health`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
  }
  throw new Error('MLflow did not answer in time.');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

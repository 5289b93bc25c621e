import { mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import { attach } from '../connect/engine-attachment.ts';
import { type EngineFile, engineFilePath, readEngineFile } from '../connect/engine-file.ts';
import { createSocketClient } from '../connect/socket-client.ts';
import { type EngineHost, startEngineHost } from './engine-host.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: { idleExitMs?: number } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fh-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const engine = new TinyEngine();
  let idle = 0;
  const unexpected: unknown[] = [];
  const host: EngineHost = await startEngineHost({
    engine: engine.asHosted(),
    workspace: folder,
    socketPath: path.join(folder, 's', 'engine.sock'),
    screens: folder,
    idleExitMs: options.idleExitMs ?? Number.POSITIVE_INFINITY,
    report: (error) => unexpected.push(error),
    onIdle: () => idle++,
  });
  cleanups.push(() => host.close());
  const file = readEngineFile(folder) as EngineFile;
  const { client, close } = createSocketClient(file);
  cleanups.push(close);
  return { folder, engine, host, file, client, unexpected, idleExits: () => idle };
}

function ask(
  file: EngineFile,
  target: string,
  options: { method?: string; token?: string | null; body?: string; headers?: Record<string, string> } = {},
) {
  const token = options.token === undefined ? file.token : options.token;
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const request = http.request({
        socketPath: file.socketPath,
        path: target,
        method: options.method ?? 'GET',
        agent: false,
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...options.headers },
      });
      request.on('error', reject);
      request.on('response', async (response) => {
        let body = '';
        for await (const chunk of response) body += String(chunk);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
      request.end(options.body);
    },
  );
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const end = Date.now() + 3000; Date.now() < end && !condition(); )
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
};

describe('the engine on its socket', () => {
  it('answers calls, streams and errors as in process', async () => {
    const { client } = await start();
    expect(await client.workspace.status()).toMatchObject({
      name: 'Tiny',
      engine: { pid: process.pid, url: null },
    });
    await expect(client.data.get({ name: 'nowhere' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: 'See `falaj data ls`.',
    });
    const stream = await client.live.follow({ topics: [{ topic: 'changes' }] });
    expect((await stream.next()).value).toMatchObject({ topic: 'heartbeat' });
    await stream.return?.();
  });

  it('refuses every wrong token with the same words', async () => {
    const { file } = await start();
    const answers = await Promise.all(
      [null, '', 'x', file.token.slice(0, -1), `${file.token}x`].map((token) =>
        ask(file, '/rpc/workspace/status', { token, method: 'POST' }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401]);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect((await ask(file, '/health/live', { token: null })).status).toBe(401);
  });

  it('lets only this user reach the socket, its folder and the announcement', async () => {
    const { folder, file } = await start();
    const mode = (name: string): number => statSync(name).mode & 0o777;
    expect(mode(file.socketPath)).toBe(0o600);
    expect(mode(path.dirname(file.socketPath))).toBe(0o700);
    expect(mode(engineFilePath(folder))).toBe(0o600);
  });

  it('answers /api with problem details, and describes itself', async () => {
    const { file } = await start();
    const missing = await ask(file, '/api/data/nowhere');
    expect(missing.status).toBe(404);
    expect(missing.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(missing.body)).toEqual({
      type: 'urn:falaj:error:NOT_FOUND',
      title: 'not found',
      status: 404,
      detail: 'There is no dataset "nowhere".',
      code: 'NOT_FOUND',
      hint: 'See `falaj data ls`.',
      details: { name: 'nowhere' },
    });
    const bad = await ask(file, '/api/data', {
      method: 'POST',
      body: '{"name":',
      headers: { 'content-type': 'application/json' },
    });
    expect(bad.status).toBe(400);
    expect(JSON.parse(bad.body)).toMatchObject({ code: 'BAD_INPUT' });
    const document = JSON.parse((await ask(file, '/api/openapi.json')).body) as {
      openapi: string;
      paths: Record<string, unknown>;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toContain('/data/{name}/rows');
  });

  it('answers a REST call with path, query and body', async () => {
    const { file, engine } = await start();
    expect(JSON.parse((await ask(file, '/api/workspace')).body)).toMatchObject({ state: 'open' });
    const started = await ask(file, '/api/demo', {
      method: 'POST',
      body: '{"rows":"20k"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(started.status).toBe(200);
    expect(engine.started).toEqual([{ kind: 'demo.run', input: { rows: '20k' } }]);
  });

  it('refuses a body over the limit without holding it', async () => {
    const { file } = await start();
    const answer = await ask(file, '/api/data', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': String(1 << 30) },
      body: '{}',
    }).catch((error: Error) => ({ status: 0, body: error.message }));
    expect([0, 413]).toContain(answer.status);
  });

  it('knows nothing behind other paths, however they are written', async () => {
    const { file } = await start();
    for (const target of [
      '/',
      '/rpc',
      '/rpc/nothing',
      '/rpc/../attach',
      '/rpc/..%2fattach',
      '/%zz',
      '/..%5cattach',
      '/attach/x',
      '/api/%00',
      '//attach',
    ]) {
      expect((await ask(file, target)).status, target).toBe(404);
    }
  });

  it('lets go of a stream that its reader left', async () => {
    const { client, engine } = await start();
    const controller = new AbortController();
    const stream = await client.live.follow(
      { topics: [{ topic: 'telemetry' }] },
      { signal: controller.signal },
    );
    await stream.next();
    expect(engine.telemetryFollowers).toBe(1);
    const waiting = stream.next();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await until(() => engine.telemetryFollowers === 0);
  });

  it('tells the hosts at once when it ends', async () => {
    const { host, file } = await start();
    let gone = 0;
    const attachment = await attach(file, () => gone++);
    expect(attachment).not.toBeNull();
    await host.close();
    await until(() => gone === 1);
    expect(await attach(file, () => undefined)).toBeNull();
  });

  it('takes its announcement back when it closes', async () => {
    const { host, folder } = await start();
    await host.close();
    expect(readEngineFile(folder)).toBeNull();
  });

  it('is idle only when no host is attached, no work runs and no door is open', async () => {
    const { engine, file, host, idleExits } = await start({ idleExitMs: 60 });
    const attachment = await attach(file, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(idleExits()).toBe(0);
    engine.busy = true;
    attachment?.close();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(idleExits()).toBe(0);
    const door = await host.openWeb({ host: '127.0.0.1', port: 0, insecure: false });
    engine.busy = false;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(idleExits()).toBe(0);
    await door.close();
    await until(() => idleExits() === 1);
  });

  it('takes less than three milliseconds for a call over the socket', async () => {
    const { client } = await start();
    const timesMs: number[] = [];
    for (let call = 0; call < 200; call++) {
      const begin = performance.now();
      await client.workspace.status();
      timesMs.push(performance.now() - begin);
    }
    expect(timesMs.sort((a, b) => a - b)[100]).toBeLessThan(3);
  });
});

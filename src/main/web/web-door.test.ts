import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import { createApi } from '../engine/api.ts';
import { createMlflowFace } from '../mlflow/mlflow-face.ts';
import { createRouter } from '../router/index.ts';
import { openWebDoor, type WebDoor, type WebDoorOptions } from './web-door.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const INDEX =
  '<!doctype html><meta name="nonce" content="__CSP_NONCE__"><script type="module" src="/assets/app-0123abcd.js"></script>';

async function open(
  options: Partial<WebDoorOptions> = {},
): Promise<{ door: WebDoor; engine: TinyEngine; unexpected: unknown[] }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fw-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const screens = path.join(folder, 'renderer');
  mkdirSync(path.join(screens, 'assets'), { recursive: true });
  mkdirSync(path.join(folder, 'renderer-evil'));
  writeFileSync(path.join(folder, 'renderer-evil', 'stolen.js'), 'evil');
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(screens, 'index.html'), INDEX);
  writeFileSync(path.join(screens, 'icon.svg'), '<svg/>');
  writeFileSync(path.join(screens, 'assets', 'app-0123abcd.js'), 'export {};'.repeat(100));
  writeFileSync(path.join(screens, 'assets', 'app-0123abcd.js.gz'), gzipSync('export {};'.repeat(100)));
  symlinkSync(path.join(folder, 'secret.txt'), path.join(screens, 'link.txt'));
  const engine = new TinyEngine();
  const unexpected: unknown[] = [];
  const report = (error: unknown): void => void unexpected.push(error);
  const hosted = engine.asHosted();
  const api = createApi(createRouter(hosted, report), report, hosted);
  const door = await openWebDoor({
    host: '127.0.0.1',
    port: 0,
    insecure: false,
    screens,
    api,
    mlflow: createMlflowFace(hosted, report),
    grantOf: () => null,
    workspaceState: () => engine.state,
    report,
    ...options,
  });
  cleanups.push(() => door.close());
  return { door, engine, unexpected };
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  door: WebDoor,
  target: string,
  headers: Record<string, string> = {},
  options: { method?: string; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port: door.port,
      path: target,
      method: options.method ?? 'GET',
      agent: false,
      headers,
    });
    request.on('error', reject);
    request.on('response', async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      });
    });
    request.end(options.body);
  });
}

const bearer = (door: WebDoor): Record<string, string> => ({ authorization: `Bearer ${door.token}` });
const page = {
  accept: 'text/html',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
};

async function enter(door: WebDoor): Promise<string> {
  const answer = await ask(door, door.newLink().slice(door.url.length), page);
  expect(answer.status).toBe(303);
  return answer.headers['set-cookie']![0]!.split(';')[0]!;
}

describe('the door for browsers', () => {
  it('lets a browser in once by its link, with a cookie that scripts and other sites cannot use', async () => {
    const { door } = await open();
    const target = door.newLink().slice(door.url.length);
    const first = await ask(door, target, page);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']![0]).toMatch(
      new RegExp(`^falaj-${door.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect((await ask(door, target, page)).status).toBe(401);
    const cookie = first.headers['set-cookie']![0]!.split(';')[0]!;
    expect(JSON.parse((await ask(door, '/api/workspace', { cookie })).body)).toMatchObject({ state: 'open' });
  });

  it('takes the token as Bearer, or as the password of Basic', async () => {
    const { door } = await open();
    const basic = Buffer.from(`any:${door.token}`).toString('base64');
    expect((await ask(door, '/api/workspace', bearer(door))).status).toBe(200);
    expect((await ask(door, '/api/workspace', { authorization: `Basic ${basic}` })).status).toBe(200);
    expect((await ask(door, '/api/workspace', { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('starts no programs, whoever asks', async () => {
    const { door } = await open();
    const refused = [
      '/api/scripts',
      '/rpc/scripts/run',
      '/api/scripts/1/rerun',
      '/api/scripts/run/code/rerun',
    ];
    for (const where of refused) {
      const headers = { ...bearer(door), 'content-type': 'application/json' };
      const answer = await ask(door, where, headers, { method: 'POST', body: '{}' });
      expect([where, answer.status]).toEqual([where, 403]);
      expect(answer.body).toContain('Programs are not started from here.');
    }
    // Reading what a run was started from starts nothing.
    expect((await ask(door, '/api/scripts/1/code', bearer(door))).status).not.toBe(403);
  });

  it('tells the engine that whoever asks may start no programs', async () => {
    const contexts: unknown[] = [];
    const { door } = await open({
      api: {
        handle: async (_request, response, _path, context) => {
          contexts.push(context);
          response.end('{}');
          return true;
        },
      },
    });
    const cookie = await enter(door);
    await ask(door, '/api/training', { cookie });
    await ask(door, '/api/training', bearer(door));
    expect(contexts).toEqual([{ mayStartPrograms: false }, { mayStartPrograms: false }]);
  });

  it('shows a person without the link what to do, and a program a problem', async () => {
    const { door } = await open();
    const person = await ask(door, '/', page);
    expect(person.status).toBe(401);
    expect(person.headers['content-type']).toContain('text/html');
    expect(person.body).toContain('falaj ui');
    const program = await ask(door, '/api/workspace');
    expect(program.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(program.body)).toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
    expect((await ask(door, `/open?key=${'a'.repeat(43)}`)).status).toBe(401);
  });

  it('gives no browser a session for the token, which would stay in its history', async () => {
    const { door } = await open();
    const answer = await ask(door, `/open?key=${door.token}`, page);
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('gives each page a nonce of its own under a strict policy', async () => {
    const { door } = await open();
    const cookie = await enter(door);
    const nonces = new Set<string>();
    for (const target of ['/', '/runs/abc', '/data/flights.v1']) {
      const answer = await ask(door, target, { ...page, cookie });
      expect(answer.status).toBe(200);
      const policy = String(answer.headers['content-security-policy']);
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)![1]!;
      expect(answer.body).toContain(`content="${nonce}"`);
      expect(answer.body).not.toContain('__CSP_NONCE__');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).not.toMatch(/unsafe|\*/);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  it('serves hashed files for ever, packed when the browser can unpack', async () => {
    const { door } = await open();
    const plain = await ask(door, '/assets/app-0123abcd.js', bearer(door));
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    const packed = await ask(door, '/assets/app-0123abcd.js', {
      ...bearer(door),
      'accept-encoding': 'gzip, br',
    });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body.length).toBeLessThan(plain.body.length);
    const again = await ask(door, '/icon.svg', {
      ...bearer(door),
      'if-none-match': (await ask(door, '/icon.svg', bearer(door))).headers.etag!,
    });
    expect(again.status).toBe(304);
    expect((await ask(door, '/icon.svg', bearer(door))).headers['cache-control']).toBe('no-cache');
  });

  it('answers 404 for what is not there, unless a person goes there', async () => {
    const { door } = await open();
    expect((await ask(door, '/assets/gone-0123abcd.js', bearer(door))).status).toBe(404);
    expect((await ask(door, '/assets/gone-0123abcd.js', { ...bearer(door), ...page })).status).toBe(404);
    expect((await ask(door, '/nothing', { ...bearer(door), 'sec-fetch-mode': 'cors' })).status).toBe(404);
    expect((await ask(door, '/rpc/nothing', bearer(door), { method: 'POST' })).status).toBe(404);
    expect((await ask(door, '/icon.svg', bearer(door), { method: 'POST' })).status).toBe(405);
    expect((await ask(door, '/attach', bearer(door))).status).toBe(404);
    expect((await ask(door, '/control/web', bearer(door), { method: 'POST' })).status).toBe(405);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/../renderer-evil/stolen.js',
    '/%2e%2e%2frenderer-evil%2fstolen.js',
    '/assets/../../secret.txt',
    '/icon.svg%00.js',
    '/%zz',
    '/%252e%252e/secret.txt',
    '//etc/passwd',
    '/link.txt',
    'http://127.0.0.1/secret.txt',
  ])('finds nothing outside the screens: %s', async (target) => {
    const { door } = await open();
    const answer = await ask(door, target, bearer(door));
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret\n');
    expect(answer.body).not.toContain('evil');
  });

  it.each([
    { host: 'evil.example' },
    { host: '127.0.0.1.evil.example' },
    { host: 'localhost.evil.example:7410' },
    { host: '127.0.0.1@evil.example' },
    { host: '-' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'https://localhost' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])('refuses a caller that is not its own page: %o', async (headers) => {
    const { door } = await open();
    const cookie = await enter(door);
    const answer = await ask(door, '/api/workspace', { cookie, ...(headers as Record<string, string>) });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('answers its own page, by any loopback name and through a forwarded port', async () => {
    const { door } = await open();
    for (const host of [
      `127.0.0.1:${door.port}`,
      `localhost:${door.port}`,
      'localhost:8080',
      `[::1]:${door.port}`,
    ]) {
      const answer = await ask(door, '/api/workspace', {
        ...bearer(door),
        host,
        origin: `http://${host}`,
        'sec-fetch-site': 'same-origin',
      });
      expect(answer.status, host).toBe(200);
    }
  });

  it('needs no token for its health, and tells nothing else', async () => {
    const { door } = await open();
    expect(JSON.parse((await ask(door, '/health/live')).body)).toEqual({ status: 'live' });
    expect(JSON.parse((await ask(door, '/health/ready')).body)).toEqual({
      status: 'ready',
      workspace: 'open',
    });
  });

  it('says that a port is taken, and what to do', async () => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => taken.close(() => resolve())));
    const port = (taken.address() as net.AddressInfo).port;
    await expect(open({ port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      hint: expect.stringContaining('--port'),
    });
  });

  it('stays on this machine unless told otherwise', async () => {
    await expect(open({ host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      hint: expect.stringContaining('--insecure'),
    });
    const { door } = await open({ host: '0.0.0.0', insecure: true });
    expect((await ask(door, '/api/workspace', { ...bearer(door), host: 'evil.example' })).status).toBe(403);
    expect(
      (await ask(door, '/api/workspace', { ...bearer(door), host: `${os.hostname()}:${door.port}` })).status,
    ).toBe(200);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    undefined,
  ])('refuses a body that a foreign page could send without asking: %s', async (type) => {
    const { door, engine } = await open();
    const headers = { ...bearer(door), ...(type === undefined ? {} : { 'content-type': type }) };
    for (const target of ['/api/demo', '/rpc/demo/run']) {
      const answer = await ask(door, target, headers, { method: 'POST', body: '{"rows":"20k"}' });
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    }
    expect(engine.started).toEqual([]);
  });

  it('refuses a body that grows over the limit, and goes on', async () => {
    const { door, unexpected } = await open();
    const tooMuch = 'x'.repeat(17 * 1024 * 1024);
    const answer = await ask(
      door,
      '/api/data',
      { ...bearer(door), 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      { method: 'POST', body: JSON.stringify({ name: tooMuch }) },
    ).catch(
      () => ({ status: 413, body: '{"code":"TOO_LARGE"}' }), // the answer may come before all was sent, and the connection end
    );
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'TOO_LARGE' });
    expect((await ask(door, '/api/workspace', bearer(door))).status).toBe(200);
    expect(unexpected).toEqual([]);
  });

  it('gives up on callers that never finish what they began to say', async () => {
    const { door } = await open({
      limits: { keepAliveMs: 5_000, headersWithinMs: 200, requestWithinMs: 300, checkEveryMs: 50 },
    });
    const host = `Host: 127.0.0.1:${door.port}\r\n`;
    const authorization = `Authorization: Bearer ${door.token}\r\nContent-Type: application/json\r\n`;
    const beginnings = [
      '',
      `GET / HTTP/1.1\r\n${host}`,
      `POST /api/data HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\n`,
      `POST /api/data HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 1000000\r\n\r\n`,
      `POST /api/data HTTP/1.1\r\n${host}${authorization}Content-Length: 1000000\r\n\r\n`,
    ];
    const begin = performance.now();
    await Promise.all(beginnings.map((text) => dribble(door.port, text)));
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect((await ask(door, '/api/workspace', bearer(door))).status).toBe(200);
  });

  it('lets a file that is let in take longer than other requests, at a path that is for files alone', async () => {
    const { door } = await open({
      limits: { keepAliveMs: 5_000, headersWithinMs: 200, requestWithinMs: 300, checkEveryMs: 50 },
      mlflow: {
        answer: async (request, response) => {
          let bytes = 0;
          for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length;
          response.end(`${bytes} bytes`);
        },
        refuse: (response) => void response.writeHead(401).end(),
      },
    });
    const put = (path: string, token: string): string =>
      `PUT ${path} HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\nContent-Length: 50\r\n\r\n`;
    const file = '/api/2.0/mlflow-artifacts/artifacts/0/model.bin';
    expect(await dribble(door.port, put(file, door.token))).toContain('50 bytes');
    expect(await dribble(door.port, put(file, 'falaj_guessed'))).not.toContain('bytes');
    expect(await dribble(door.port, put('/api/2.0/mlflow/runs/create', door.token))).toBe('');
  });

  it('takes no more connections than it has room for, and others once those are gone', async () => {
    const { door } = await open({
      limits: {
        keepAliveMs: 5_000,
        headersWithinMs: 30_000,
        requestWithinMs: 30_000,
        checkEveryMs: 30_000,
        connections: 3,
      },
    });
    const held = await Promise.all(Array.from({ length: 3 }, () => connected(door.port)));
    await expect(ask(door, '/health/live')).rejects.toThrow();
    for (const socket of held) socket.destroy();
    await expect
      .poll(() =>
        ask(door, '/health/live').then(
          (answer) => answer.status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});

function connected(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
  });
}

/** Goes on a byte at a time until the connection ends; what came back. */
async function dribble(port: number, beginning: string): Promise<string> {
  const socket = await connected(port);
  const answer: Buffer[] = [];
  socket.on('error', () => undefined).on('data', (part: Buffer) => void answer.push(part));
  socket.write(beginning);
  const timer = beginning === '' ? undefined : setInterval(() => socket.write('x'), 20);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  return Buffer.concat(answer).toString('latin1');
}

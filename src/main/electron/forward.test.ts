import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FalajError } from '../../shared/errors.ts';
import { createEngineAgent, forwardToEngine, isForwarded } from './forward.ts';

let folder: string;
let server: http.Server;
let handler: http.RequestListener;
const agent = createEngineAgent();
const target = async () => ({ socketPath: path.join(folder, 'e.sock'), token: 'secret' });
const forward = (url: string, init?: RequestInit): Promise<Response> =>
  forwardToEngine(new Request(url, init), target, agent);

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'falaj-forward-'));
  server = http.createServer((request, response) => handler(request, response));
  await new Promise<void>((done) => server.listen(path.join(folder, 'e.sock'), done));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

describe('forwarding to the engine', () => {
  it('takes /rpc and /api only', () => {
    expect(['/rpc/a', '/api/b'].every(isForwarded)).toBe(true);
    expect(['/', '/rpc', '/rpcs/a', '/attach', '/x/rpc/a'].some(isForwarded)).toBe(false);
  });

  it('adds the token and passes only the listed headers', async () => {
    let seen: http.IncomingHttpHeaders = {};
    handler = (request, response) => {
      seen = request.headers;
      response
        .writeHead(200, { 'set-cookie': 'a=b', server: 'engine', 'content-type': 'application/json' })
        .end('{}');
    };
    const headers = {
      authorization: 'Bearer forged',
      cookie: 'x=y',
      'x-forwarded-for': '1.2.3.4',
      'last-event-id': '7',
    };
    const answer = await forward('app://falaj/rpc/workspace/status?x=1', { headers });
    expect(seen['authorization']).toBe('Bearer secret');
    expect(seen['last-event-id']).toBe('7');
    expect(seen['cookie']).toBeUndefined();
    expect(seen['x-forwarded-for']).toBeUndefined();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('server')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({});
  });

  it('streams a request body up and an answer down', async () => {
    handler = (request, response) => request.pipe(response);
    const body = new Blob(['falaj'.repeat(100_000)]).stream();
    const answer = await forward('app://falaj/api/echo', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await answer.text()).length).toBe(500_000);
  });

  it('tells the engine when the page lets go of a stream', async () => {
    const closed = new Promise<void>((done) => {
      handler = (_request, response) => {
        response.on('close', () => done());
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
      };
    });
    const answer = await forward('app://falaj/rpc/live/follow', { method: 'POST', body: '{}' });
    const reader = answer.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('data: 1');
    await reader.cancel();
    await closed;
  });

  it('holds back a fast engine while the page reads slowly', async () => {
    let written = 0;
    handler = (_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (written < 400 * 65_536) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      response.writeHead(200);
      more();
    };
    const answer = await forward('app://falaj/api/large');
    const reader = answer.body!.getReader();
    await reader.read();
    await new Promise((done) => setTimeout(done, 150));
    expect(written).toBeLessThan(64 * 65_536);
    await reader.cancel();
  });

  it.each(['/rpc/..%2fattach', '/rpc/..%5cattach', '/rpc/%00', '/rpc/%zz', '/rpc/a%2fb'])(
    'refuses %s before the engine sees it',
    async (pathname) => {
      let asked = 0;
      handler = (_request, response) => {
        asked += 1;
        response.end();
      };
      expect((await forward(`app://falaj${pathname}`)).status).toBe(404);
      expect(asked).toBe(0);
    },
  );

  it('answers in the shape that the RPC client decodes when the engine goes away', async () => {
    handler = (request) => request.socket.destroy();
    const answer = await forward('app://falaj/rpc/workspace/status', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    const { json } = (await answer.json()) as { json: Record<string, unknown> };
    expect(Object.keys(json).sort()).toEqual(['code', 'data', 'defined', 'message', 'status']);
    expect(json['code']).toBe('ENGINE_GONE');
  });

  it('answers with problem details on /api when there is no engine', async () => {
    const answer = await forwardToEngine(
      new Request('app://falaj/api/workspace'),
      () =>
        Promise.reject(
          new FalajError('ENGINE_FAILED_TO_START', 'It did not start.', { hint: 'Look at the log.' }),
        ),
      agent,
    );
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'ENGINE_FAILED_TO_START', hint: 'Look at the log.' });
  });
});

import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/faults/engine-support/product.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Reader } from '../router/index.ts';
import { ARROW_TYPE, type ArrowEngine, createArrowRoutes } from './arrow-routes.ts';
import { closeServer, createHttpServer, listen } from './http-server.ts';
import { requestPath } from './request-path.ts';

const LIMIT_BYTES = 1_000_000;

let server: http.Server;
let url: string;
const asked: unknown[] = [];
const reported: unknown[] = [];
const recorded: unknown[] = [];
const DIGEST = 'd'.repeat(64);
let reader: Reader | undefined;
let pieces: number;
let ended: boolean;
let received: number;
let historical: (entities: Readable, signal: AbortSignal) => Promise<void>;

/** Rows without end, counted as they are taken. */
async function* endless(): AsyncGenerator<Uint8Array> {
  try {
    for (; pieces < 100_000; pieces++) yield new Uint8Array(65_536);
  } finally {
    ended = true;
  }
}

async function* three(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1, 2, 3);
}

const engine: ArrowEngine = {
  rooms: {
    data: {
      arrowStream: async (input) => {
        asked.push(input);
        if (input.name === 'missing') throw new FalajError('NOT_FOUND', 'There is no dataset "missing".');
        if (input.name === 'defect') throw new Error('secret 4711');
        return input.name === 'endless' ? endless() : three();
      },
      get: ({ name }) => ({ name, version: 3, digest: DIGEST }),
    },
    features: {
      historicalStream: async (entities, input, { signal, onSet }) => {
        asked.push(input);
        await historical(entities, signal);
        onSet?.({ contentHash: DIGEST, data: [{ name: 'visits', version: 2, digest: DIGEST }] });
        return three();
      },
    },
    scripts: { recordRead: (read) => void recorded.push(read) },
  },
};

beforeEach(async () => {
  asked.length = 0;
  reported.length = 0;
  recorded.length = 0;
  reader = undefined;
  pieces = 0;
  received = 0;
  ended = false;
  historical = async (entities) => {
    for await (const chunk of entities) received += (chunk as Buffer).length;
  };
  const report = (error: unknown): void => void reported.push(error);
  const routes = createArrowRoutes({ engine, report, limitBytes: LIMIT_BYTES });
  server = createHttpServer(async (request, response) => {
    if (!(await routes(request, response, requestPath(request)!, reader))) response.writeHead(418).end();
  }, report);
  await listen(server, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => closeServer(server));

const rows = (name: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/api/data/${name}`, {
    headers: { accept: ARROW_TYPE },
    ...(signal === undefined ? {} : { signal }),
  });
const post = (query: string, body: BodyInit, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/api/features/historical${query}`, {
    method: 'POST',
    headers: { 'content-type': ARROW_TYPE },
    body,
    duplex: 'half',
    ...(signal === undefined ? {} : { signal }),
  } as RequestInit);

describe('rows as Arrow', () => {
  it('are sent to whoever accepts them, and to nobody else', async () => {
    const answer = await rows('flights/rows?columns=a,%20b&limit=5');
    expect(answer.headers.get('content-type')).toBe(ARROW_TYPE);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2, 3]);
    expect(asked).toEqual([{ name: 'flights', columns: ['a', 'b'], limit: 5 }]);
    expect((await fetch(`${url}/api/data/flights/rows`)).status).toBe(418);
  });

  it('are refused in problem details that name the field', async () => {
    const missing = await rows('missing/rows');
    expect([missing.status, ((await missing.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND']);
    const field = (await (await rows('flights/rows?limit=many')).json()) as {
      status: number;
      detail: string;
    };
    expect(field).toMatchObject({ status: 400, detail: expect.stringMatching(/^limit: /) });
    expect((await rows('.hidden/rows')).status).toBe(400);
  });

  it('tell nothing of an unexpected error to the caller, and all of it to the log', async () => {
    const answer = await rows('defect/rows');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('4711');
    expect(String(reported[0])).toContain('4711');
  });

  it('are made no faster than they are taken, and no longer than the caller stays', async () => {
    const leave = new AbortController();
    const answer = await rows('endless/rows', leave.signal);
    await answer.body!.getReader().read();
    await sleep(300);
    const held = pieces;
    expect(held).toBeLessThan(2_000);
    await sleep(200);
    expect(pieces).toBe(held);
    leave.abort();
    await until(() => ended);
    expect(reported).toEqual([]);
  });
});

describe('what a program of a run reads', () => {
  it('is told of with its version, columns and purpose, once it is there to be sent', async () => {
    reader = { run: 'r1', context: 'training' };
    await (await rows('flights/rows?columns=a')).arrayBuffer();
    await (await post('?service=buying', 'bytes')).arrayBuffer();
    expect((await rows('missing/rows')).status).toBe(404);
    expect(recorded).toEqual([
      {
        id: 'r1',
        name: 'flights',
        version: 3,
        digest: DIGEST,
        source: '/data/flights@3',
        columns: ['a'],
        context: 'training',
      },
      {
        id: 'r1',
        name: 'buying',
        digest: DIGEST,
        source: '/features',
        from: [{ name: 'visits', version: 2, digest: DIGEST }],
        context: 'training',
      },
    ]);
  });

  it('is nobody’s concern otherwise', async () => {
    await (await rows('flights/rows')).arrayBuffer();
    await (await post('?service=buying', 'bytes')).arrayBuffer();
    expect(recorded).toEqual([]);
  });
});

describe('entities as Arrow', () => {
  it('are handed over with what the query says', async () => {
    const answer = await post('?service=buying&asKnown=row', 'bytes');
    expect([answer.status, received]).toEqual([200, 5]);
    expect(asked).toEqual([{ service: 'buying', asKnown: 'row', eventTime: 'event_time', names: 'full' }]);
    expect((await post('?nonsense=1', 'bytes')).status).toBe(400);
  });

  it('beyond the limit are refused with 413, whether they say their size or not', async () => {
    const said = await post('?service=buying', new Uint8Array(LIMIT_BYTES + 1));
    expect([said.status, received]).toEqual([413, 0]);
    const unsaid = await post(
      '?service=buying',
      new ReadableStream({
        start: (controller) => {
          for (let part = 0; part < 12; part++) controller.enqueue(new Uint8Array(100_000));
          controller.close();
        },
      }),
    );
    expect(unsaid.status).toBe(413);
    expect(received).toBeLessThanOrEqual(LIMIT_BYTES);
    expect(reported).toEqual([]);
  });

  it('are let go when the answer does not need them', async () => {
    historical = async () => {
      throw new FalajError('NOT_FOUND', 'There is no service.');
    };
    const answer = await post(
      '?service=none',
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000)) }),
    );
    expect(answer.status).toBe(404);
    expect((await rows('flights/rows')).status).toBe(200);
    expect(reported).toEqual([]);
  });

  it('that are no longer waited for stop the work', async () => {
    let stopped = false;
    let working = false;
    historical = (entities, signal) => {
      entities.resume();
      working = true;
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped = true;
          reject(new FalajError('CANCELLED', 'The work was stopped.'));
        });
      });
    };
    const leave = new AbortController();
    const answer = post('?service=buying', 'bytes', leave.signal).catch(() => null);
    await until(() => working);
    leave.abort();
    await answer;
    await until(() => stopped);
    expect(reported).toEqual([]);
  });
});

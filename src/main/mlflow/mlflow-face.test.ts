import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { ModelRegistry, registryMigrations } from '../../core/registry/index.ts';
import { TrackingRoom, trackingMigrations } from '../../core/tracking/index.ts';
import { createMlflowFace } from './mlflow-face.ts';

let parts: EngineParts;
let tracking: TrackingRoom;
let close: () => Promise<unknown>;
let origin: string;

beforeEach(async () => {
  parts = await openParts([trackingMigrations, registryMigrations]);
  tracking = new TrackingRoom(parts);
  const face = createMlflowFace({ rooms: { tracking, registry: new ModelRegistry(parts) } }, () => undefined);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://engine');
    void face.answer(request, response, decodeURIComponent(pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => new Promise((resolve) => server.close(resolve));
});
afterEach(async () => {
  await close();
  parts.close();
});

async function ask(method: string, path: string, body: string | object): Promise<unknown[]> {
  const response = await fetch(`${origin}/api/2.0/${path}`, {
    method,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { error_code: code, message } = (await response.json()) as { error_code?: string; message?: string };
  return [response.status, code, message];
}

describe('aliases', () => {
  const alias = (name: string) =>
    ask('POST', 'mlflow/registered-models/alias', { name: 'risk', alias: name, version: '1' });

  it.each(['latest', 'Latest', 'v1', 'V27'])('are not called %s, as with MLflow itself', async (name) => {
    expect(await alias(name)).toEqual([
      400,
      'INVALID_PARAMETER_VALUE',
      expect.stringMatching(/^Invalid value for alias: .*reserved/),
    ]);
  });

  it.each(['champion', 'latest-1', 'v1b', 'v'])('may be called %s', async (name) => {
    expect(await alias(name)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST', expect.stringContaining('risk')]);
  });
});

describe('artifacts', () => {
  const folder = (): string => {
    const experimentId = tracking.experimentNamed('fraud');
    const { id } = tracking.clients.create({ id: 'abc', experimentId, tags: {} });
    return `${experimentId}/${id}/artifacts`;
  };
  const refusal = [400, 'INVALID_PARAMETER_VALUE', expect.stringContaining('control character')];

  it.each(['tab%09.txt', 'two%0Alines.txt', 'below%7F/plain.txt'])('are not called %s', async (name) => {
    expect(await ask('PUT', `mlflow-artifacts/artifacts/${folder()}/${name}`, 'text')).toEqual(refusal);
    expect(tracking.files.list({ kind: 'run', id: 'abc' }, '')).toEqual([]);
  });

  it('are not called so in parts either', async () => {
    const begun = { path: '/tmp/tab\t.txt', num_parts: 2 };
    expect(await ask('POST', `mlflow-artifacts/mpu/create/${folder()}`, begun)).toEqual(refusal);
  });

  it('may be called anything that can be read', async () => {
    const name = encodeURIComponent('تقرير نهائي.txt');
    expect(await ask('PUT', `mlflow-artifacts/artifacts/${folder()}/${name}`, 'text')).toEqual([
      200,
      undefined,
      undefined,
    ]);
    expect(tracking.files.list({ kind: 'run', id: 'abc' }, '').map(({ path }) => path)).toEqual([
      'تقرير نهائي.txt',
    ]);
  });

  it('that have such a name from elsewhere can be removed', async () => {
    const path = `mlflow-artifacts/artifacts/${folder()}/tab%09.txt`;
    await tracking.files.put({ kind: 'run', id: 'abc' }, 'tab\t.txt', Buffer.from('text'));
    expect(await ask('DELETE', path, '')).toEqual([200, undefined, undefined]);
    expect(tracking.files.list({ kind: 'run', id: 'abc' }, '')).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSPHRASE, Product, until } from '../../faults/engine-support/product.ts';
import { runScript } from '../python-tables/python.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const CLIENTS = ['3.17.2', '2.22.5'].map((version) => ({
  version,
  python: installPythonPackages(`mlflow-skinny-${version}-pandas-2.3.3`, [
    `mlflow-skinny==${version}`,
    'pandas==2.3.3',
  ]),
}));
for (const { version, python } of CLIENTS)
  if (typeof python === 'string')
    process.stderr.write(`\nSKIPPED: the client of MLflow ${version} was not tried (${python})\n\n`);

const script = (name: string): string => readFileSync(path.join(import.meta.dirname, name), 'utf8');

describe.skipIf(CLIENTS.every(({ python }) => typeof python === 'string'))('clients of MLflow', () => {
  let product: Product;
  let url: string;
  let token: string;

  beforeAll(async () => {
    product = new Product();
    await product.succeed(['init', '--name', 'Tracking', '--quiet']);
    let said = '';
    const { child } = product.start(['ui', '--port', '0', '--json']);
    child.stdout!.on('data', (text: string) => (said += text));
    await until(() => said.trimEnd().endsWith('}'));
    ({ url } = JSON.parse(said) as { url: string });
    const created = await product.succeed(['token', 'create', '--scope', 'mlflow', '--json']);
    ({ token } = JSON.parse(created) as { token: string });
  }, 120_000);
  afterAll(() => product.close());

  describe.each(CLIENTS)('$version', ({ python }) => {
    it.each(['client_calls.py', 'multipart_calls.py'])(
      'works unchanged: %s',
      async (name) => {
        if (typeof python === 'string') return;
        const result = await runScript([path.join(python.bin, 'python'), '-'], script(name), {
          cwd: product.root,
          env: {
            ...product.environment,
            FALAJ_PASSPHRASE: PASSPHRASE,
            MLFLOW_TRACKING_URI: url,
            MLFLOW_TRACKING_USERNAME: 'anyone',
            MLFLOW_TRACKING_PASSWORD: token,
            MLFLOW_DISABLE_TELEMETRY: 'true',
            DO_NOT_TRACK: 'true',
            PYTHONWARNINGS: 'ignore',
          },
        });
        expect([result.code, result.code === 0 ? '' : result.output]).toEqual([0, '']);
        expect(result.output.trim().split('\n').at(-1)).toMatch(/^mlflow [\d.]+: \d+ claims held$/);
      },
      300_000,
    );
  });

  const ask = (where: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${where}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

  it('are asked for a token, of the right scope, and answered in their own shape', async () => {
    const none = await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`);
    expect([none.status, await none.json()]).toMatchObject([401, { error_code: 'UNAUTHENTICATED' }]);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await (await ask('/version')).text()).toMatch(/^3\./);
    expect(await (await ask('/api/3.0/mlflow/server-info')).json()).toMatchObject({ store_type: 'SqlStore' });
    const unknown = await ask('/api/2.0/mlflow/nothing/here');
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error_code: 'ENDPOINT_NOT_FOUND' }]);
    expect((await ask('/api/runs')).status).toBe(403);
    const broken = await ask('/api/2.0/mlflow/runs/create', { method: 'POST', body: '[1' });
    expect([broken.status, await broken.json()]).toMatchObject([400, { error_code: 'BAD_REQUEST' }]);
    const field = await ask('/api/2.0/mlflow/runs/log-metric', {
      method: 'POST',
      body: '{"run_id":"r","key":"a","value":"x"}',
    });
    expect(await field.json()).toMatchObject({
      error_code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringContaining('value'),
    });
  });

  it('lose no training over a long value, a null, or a dataset that is logged again', async () => {
    const post = async (where: string, body: object): Promise<Response> =>
      ask(`/api/2.0/mlflow/${where}`, { method: 'POST', body: JSON.stringify(body) });
    const created = await post('runs/create', { experiment_id: '0', run_name: null, tags: null });
    const { run_id } = ((await created.json()) as { run: { info: { run_id: string } } }).run.info;
    const long = `${'ق'.repeat(65_535)}😀`;
    const dataset = { name: 'd', digest: 'x', source_type: 'local', source: '{}', schema: null };
    const asContext = (value: string) => ({ dataset, tags: [{ key: 'mlflow.data.context', value }] });
    for (const [where, body] of [
      ['log-parameter', { key: 'config', value: long }],
      ['log-parameter', { key: 'config', value: long }],
      ['set-tag', { key: 'note', value: long }],
      ['log-parameter', { key: 'nothing', value: null }],
      ['log-metric', { key: 'loss', value: 'inf', timestamp: 1, step: null }],
      ['log-inputs', { datasets: [asContext('training'), asContext('eval')] }],
      ['log-inputs', { datasets: [asContext('eval')] }],
    ] as const)
      expect([where, (await post(`runs/${where}`, { run_id, ...body })).status]).toEqual([where, 200]);
    const { run } = (await (await ask(`/api/2.0/mlflow/runs/get?run_id=${run_id}`)).json()) as {
      run: { data: Record<string, { key: string; value: unknown }[]>; inputs: object };
    };
    const value = (list: string, key: string) => run.data[list]!.find((one) => one.key === key)?.value;
    const kept = `${'ق'.repeat(65_535)}\uFFFD`;
    expect([value('params', 'config') === kept, value('tags', 'note') === kept]).toEqual([true, true]);
    expect([value('params', 'nothing'), value('metrics', 'loss')]).toEqual(['', 'Infinity']);
    expect(run.inputs).toMatchObject({
      dataset_inputs: [asContext('training')].map(({ tags }) => ({ tags })),
    });
    const odd = await post('runs/log-batch', { run_id, metrics: [null] });
    expect([odd.status, await odd.json()]).toMatchObject([400, { error_code: 'INVALID_PARAMETER_VALUE' }]);
  });

  it('cannot reach anything outside of their runs', async () => {
    const run = await ask('/api/2.0/mlflow/runs/create', { method: 'POST', body: '{"experiment_id":"0"}' });
    const { run_id: id } = ((await run.json()) as { run: { info: { run_id: string } } }).run.info;
    const artifacts = '/api/2.0/mlflow-artifacts/artifacts';
    const put = await ask(`${artifacts}/0/${id}/artifacts/a.txt`, { method: 'PUT', body: 'a' });
    expect(put.status).toBe(200);
    const outside = [
      '../../a',
      '%2e%2e/a',
      '..%2fa',
      '%252e%252e/a',
      '%252fetc/passwd',
      'a%5cb',
      'a%00b',
      '/etc/passwd',
      'x//y',
      './a',
      'C:/a',
    ];
    for (const attempt of outside.flatMap((each) => [
      `0/${id}/artifacts/${each}`,
      each,
      `9/${id}/artifacts/a.txt`,
    ]))
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await rawRequest(`${artifacts}/${attempt}`, method);
        expect([method, attempt, answer >= 400 && answer < 500]).toEqual([method, attempt, true]);
      }
    for (const folder of ['..', '%2e%2e', '/', '%252e%252e', `0/${id}/artifacts/..`])
      expect((await ask(`${artifacts}?path=${folder}`)).status).toBe(400);
    const left = (await (await ask(`${artifacts}?path=0/${id}/artifacts`)).json()) as {
      files: { path: string }[];
    };
    expect(left.files.map((file) => file.path)).toEqual(['a.txt']);
  });

  it('send parts nowhere but into their own upload', async () => {
    const post = (where: string, body: object): Promise<Response> =>
      ask(`/api/2.0/mlflow-artifacts/mpu/${where}`, { method: 'POST', body: JSON.stringify(body) });
    const run = await ask('/api/2.0/mlflow/runs/create', { method: 'POST', body: '{"experiment_id":"0"}' });
    const { run_id: id } = ((await run.json()) as { run: { info: { run_id: string } } }).run.info;
    const folder = `0/${id}/artifacts`;
    for (const outside of [
      '0/nobody/artifacts',
      'registry/m/1',
      `9/${id}/artifacts`,
      `${folder}/%252e%252e`,
    ]) {
      const { status } = await post(`create/${outside}`, { path: 'a', num_parts: 1 });
      expect([outside, Math.floor(status / 100)]).toEqual([outside, 4]);
    }
    for (const name of ['..', 'a/..', '', 'a/', 'C:'])
      expect((await post(`create/${folder}`, { path: name, num_parts: 1 })).status, name).toBe(400);
    for (const count of [0, 10_001, '1'])
      expect((await post(`create/${folder}`, { path: 'a', num_parts: count })).status, `${count}`).toBe(400);
    const begun = await post(`create/${folder}`, { path: '/home/someone/a.bin', num_parts: 1 });
    const { upload_id, credentials } = (await begun.json()) as {
      upload_id: string;
      credentials: { url: string; headers: Record<string, string> }[];
    };
    const { url: part, headers } = credentials[0]!;
    expect(new URL(part).origin).toBe(new URL(url).origin);
    expect((await fetch(part, { method: 'PUT', body: 'x' })).status).toBe(401);
    expect((await fetch(part.replace(/1$/, '2'), { method: 'PUT', body: 'x', headers })).status).toBe(400);
    const unknown = part.replace(upload_id, '0'.repeat(32));
    expect((await fetch(unknown, { method: 'PUT', body: 'x', headers })).status).toBe(404);
    const put = await fetch(part, { method: 'PUT', body: 'whole', headers });
    const parts = [{ part_number: 1, etag: put.headers.get('etag'), url: part }];
    const complete = (where: string, path: string): Promise<Response> =>
      post(`complete/${where}`, { path, upload_id, parts });
    expect((await complete(folder, 'b.bin')).status).toBe(400);
    expect((await complete(folder, 'a.bin')).status).toBe(200);
    expect((await complete(folder, 'a.bin')).status).toBe(200); // asked again after a lost answer
    expect((await post(`abort/${folder}`, { path: 'a.bin', upload_id })).status).toBe(200);
    const file = await ask(`/api/2.0/mlflow-artifacts/artifacts/${folder}/a.bin`);
    expect(await file.text()).toBe('whole');
  });

  /** The path as it is: `fetch` would tidy it up. */
  async function rawRequest(where: string, method: string): Promise<number> {
    const { request } = await import('node:http');
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const outgoing = request({ hostname, port, path: where, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      outgoing.on('error', reject);
      outgoing.end(method === 'PUT' ? 'bytes' : undefined);
    });
  }
});

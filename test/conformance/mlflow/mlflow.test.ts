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

const SCRIPT = readFileSync(path.join(import.meta.dirname, 'client_calls.py'), 'utf8');

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

  it.each(CLIENTS)(
    'work unchanged: $version',
    async ({ python }) => {
      if (typeof python === 'string') return;
      const result = await runScript([path.join(python.bin, 'python'), '-'], SCRIPT, {
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
      expect(result.output.trim().split('\n').at(-1)).toMatch(/^mlflow [\d.]+: \d+ claims held$/);
      expect(result.code).toBe(0);
    },
    300_000,
  );

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
    const multipart = await ask(`/api/2.0/mlflow-artifacts/mpu/create/0/${id}/artifacts/b`, {
      method: 'POST',
      body: '{}',
    });
    expect([multipart.status, await multipart.json()]).toMatchObject([
      501,
      {
        message: expect.stringMatching(
          /^Multipart upload is not supported for the current artifact repository/,
        ),
      },
    ]);
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

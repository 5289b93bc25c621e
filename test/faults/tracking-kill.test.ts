import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product, until } from './engine-support/product.ts';

let product: Product;
let authorization: string;

beforeAll(async () => {
  product = new Product();
  await product.succeed(['init', '--name', 'Tests', '--quiet']);
  const { token } = JSON.parse(await product.succeed(['token', 'create', '--scope', 'mlflow', '--json'])) as {
    token: string;
  };
  authorization = `Bearer ${token}`;
}, 60_000);
afterAll(() => product.close());

/** `falaj up`, until it is killed. */
async function startServer(): Promise<{ readonly url: string; kill(): Promise<void> }> {
  const { child, ended } = product.start(['up', '--port', '0', '--json']);
  let said = '';
  child.stdout!.on('data', (text: string) => (said += text));
  await until(() => said.trimEnd().endsWith('}'));
  const { url, pid } = JSON.parse(said) as { url: string; pid: number };
  return {
    url: `${url}/api/2.0`,
    kill: async () => {
      process.kill(pid, 'SIGKILL');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function call<Answer>(address: string, body?: object): Promise<Answer> {
  const response = await fetch(address, {
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

interface Point {
  readonly step: number;
  readonly value: number;
}

describe('tracking whose engine is killed', () => {
  it('has every point, parameter and file that it took, and no half of what it did not', async () => {
    const server = await startServer();
    const created = await call<{ run: { info: { run_id: string; artifact_uri: string } } }>(
      `${server.url}/mlflow/runs/create`,
      { experiment_id: '0', start_time: Date.now() },
    );
    const { run_id, artifact_uri } = created.run.info;
    const files = artifact_uri.replace(/^mlflow-artifacts:\//, '');
    const put = (base: string, name: string, bytes: number) =>
      fetch(`${base}/mlflow-artifacts/artifacts/${files}/${name}`, {
        method: 'PUT',
        headers: { authorization },
        body: Buffer.alloc(bytes, 7),
      });
    expect((await put(server.url, 'whole.bin', 1_000_000)).status).toBe(200);

    const taken = { single: 0, batches: 0 };
    const writers = [
      (async () => {
        for (let step = 0; ; step++) {
          const point = { run_id, key: 'single', value: step, timestamp: step, step };
          await call(`${server.url}/mlflow/runs/log-metric`, point);
          taken.single = step + 1;
        }
      })(),
      (async () => {
        for (let batch = 0; ; batch++) {
          const metrics = Array.from({ length: 500 }, (_, index) => {
            const step = 500 * batch + index;
            return { key: 'batched', value: step, timestamp: step, step };
          });
          const params = [{ key: `param-${batch}`, value: 'set' }];
          await call(`${server.url}/mlflow/runs/log-batch`, { run_id, metrics, params });
          taken.batches = batch + 1;
        }
      })(),
      put(server.url, 'cut.bin', 200_000_000),
    ];
    const settled = Promise.allSettled(writers);
    await until(() => taken.single > 50 && taken.batches > 20, 60_000);
    await sleep(20);
    await server.kill();
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);

    const again = await startServer();
    const history = async (metric: string): Promise<Point[]> => {
      const points: Point[] = [];
      for (let token = ''; ; ) {
        const page = await call<{ metrics: Point[]; next_page_token?: string }>(
          `${again.url}/mlflow/metrics/get-history?run_id=${run_id}&metric_key=${metric}&max_results=25000${token}`,
        );
        points.push(...page.metrics);
        if (!page.next_page_token) return points;
        token = `&page_token=${encodeURIComponent(page.next_page_token)}`;
      }
    };
    const single = await history('single');
    const batched = await history('batched');
    // What was under way may have been written and its answer lost: one call of each writer at most.
    expect(single.length - taken.single).toBeOneOf([0, 1]);
    expect(batched.length - 500 * taken.batches).toBeOneOf([0, 500]);
    for (const points of [single, batched])
      expect(points.every(({ step, value }, index) => step === index && value === index)).toBe(true);

    const { run } = await call<{ run: { info: { status: string }; data: { params: { key: string }[] } } }>(
      `${again.url}/mlflow/runs/get?run_id=${run_id}`,
    );
    // A batch is taken whole or not at all.
    expect(run.data.params).toHaveLength(batched.length / 500);
    const listed = await call<{ files: { path: string; file_size: number }[] }>(
      `${again.url}/mlflow/artifacts/list?run_id=${run_id}`,
    );
    expect(listed.files).toEqual([expect.objectContaining({ path: 'whole.bin', file_size: 1_000_000 })]);
    // Its client is somewhere else and may go on: the run is not the engine's to end.
    await call(`${again.url}/mlflow/runs/log-metric`, {
      run_id,
      key: 'single',
      value: 1,
      timestamp: 1,
      step: 0,
    });
    await again.kill();
  }, 120_000);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProcesses } from '../../../src/core/processes/index.ts';
import type { JobLogLine, Run } from '../../../src/shared/contract/types.ts';
import { Product, until } from '../../faults/engine-support/product.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const python = installPythonPackages('jupyterlab-4.4.9', ['jupyterlab==4.4.9']);
if (typeof python === 'string') process.stderr.write(`\nSKIPPED: JupyterLab was not started (${python})\n\n`);

/** The variables of a notebook's kernel of this workspace. */
function kernelsEnvironment(workspace: string): string[] | undefined {
  for (const { pid } of listProcesses()) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('ipykernel_launcher')) continue;
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (variables.includes(`FALAJ_WORKSPACE=${workspace}`)) return variables;
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

describe.skipIf(typeof python === 'string')('falaj jupyter', () => {
  let product: Product;
  beforeAll(async () => {
    product = new Product();
    await product.succeed(['init', '--name', 'Notebooks', '--quiet']);
    // As an activated environment has it.
    const { bin } = python as { bin: string };
    product.environment['PATH'] = `${bin}${path.delimiter}${process.env['PATH']}`;
  }, 60_000);
  afterAll(() => product.close());

  it('starts the JupyterLab that is there, shows its address with the token, and ends with Ctrl-C', async () => {
    const { child, ended } = product.start(['jupyter', '--', '--port=0', '--allow-root']);
    let said = '';
    child.stdout!.on('data', (text: string) => (said += text));
    const link = /(http:\/\/127\.0\.0\.1:\d+)\/lab\?token=([\w-]{32})/;
    // JupyterLab may show the same address by another name of this machine first.
    await until(() => link.test(said), 90_000);
    const [, address, token] = link.exec(said)!;
    const answer = await fetch(`${address}/api/contents`, { headers: { authorization: `token ${token}` } });
    expect(answer.status).toBe(200);
    expect((await fetch(`${address}/api/contents`)).status).toBe(403);

    const kernel = await fetch(`${address}/api/kernels`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
    });
    expect(kernel.status).toBe(201);
    const environment = kernelsEnvironment(product.workspace);
    expect(environment?.some((each) => each.startsWith('MLFLOW_TRACKING_URI=http://127.0.0.1:'))).toBe(true);
    expect(environment?.some((each) => each.startsWith('MLFLOW_RUN_ID='))).toBe(false);
    expect(environment?.some((each) => each.startsWith('FALAJ_PASSPHRASE'))).toBe(false);

    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const [job] = JSON.parse(await product.succeed(['jobs', 'ls', '--json'])) as { id: string }[];
    const log = JSON.parse(await product.succeed(['jobs', 'logs', job!.id, '--json'])) as JobLogLine[];
    expect(log.map(({ text }) => text).join('\n')).not.toContain(token);
    const [run] = JSON.parse(await product.succeed(['runs', 'ls', '--json'])) as Run[];
    expect(run).toMatchObject({ name: 'JupyterLab', status: 'killed' });
  }, 180_000);

  it('says so when there is none', async () => {
    product.environment['PATH'] = '/usr/bin:/bin';
    const { code, err } = await product.run(['jupyter']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/was not found on the PATH[\s\S]*falaj jupyter --env/),
    ]);
    const runs = JSON.parse(await product.succeed(['runs', 'ls', '--json'])) as Run[];
    expect(runs.filter(({ status }) => status === 'failed')).toEqual([]);
  }, 60_000);
});

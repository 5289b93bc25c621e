import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../../src/shared/contract/types.ts';
import { installMlflow } from '../../bench/support/mlflow-peer.ts';
import type { Product } from '../../faults/engine-support/product.ts';
import { runScript } from '../python-tables/python.ts';
import { installPythonPackages } from '../support/python-packages.ts';
import { openTrackedProduct } from './tracked-product.ts';

const skinny = (version: string) =>
  installPythonPackages(`mlflow-skinny-${version}-pandas-2.3.3`, [
    `mlflow-skinny==${version}`,
    'pandas==2.3.3',
  ]);
const CLIENTS = [
  { client: '3.17.2 with scikit-learn', python: installMlflow() },
  { client: '3.17.2', python: skinny('3.17.2') },
  { client: '2.22.5', python: skinny('2.22.5') },
];
for (const { client, python } of CLIENTS)
  if (typeof python === 'string')
    process.stderr.write(`\nSKIPPED: the registry was not tried with MLflow ${client} (${python})\n\n`);

interface Facts {
  readonly claims: number;
  readonly name: string;
  readonly flavor: string;
  readonly digest: string;
  readonly run: string;
}

const SCRIPT = readFileSync(path.join(import.meta.dirname, 'registry_calls.py'), 'utf8');

describe.skipIf(CLIENTS.every(({ python }) => typeof python === 'string'))('the registry', () => {
  let product: Product;
  let environment: NodeJS.ProcessEnv;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-registry-'));
  const known = new Map<string, Facts>();

  beforeAll(async () => {
    ({ product, environment } = await openTrackedProduct('Registry'));
  }, 120_000);
  afterAll(async () => {
    await product.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(CLIENTS)(
    'works with the stock client: $client',
    async ({ client, python }) => {
      if (typeof python === 'string') return;
      const { code, output } = await runScript([path.join(python.bin, 'python'), '-'], SCRIPT, {
        cwd: product.root,
        env: environment,
      });
      expect([code, code === 0 ? '' : output]).toEqual([0, '']);
      const facts = JSON.parse(output.trim().split('\n').at(-1)!) as Facts;
      expect(facts.claims).toBeGreaterThan(50);
      known.set(client, facts);
    },
    300_000,
  );

  const facts = (): Facts => [...known.values()][0]!;
  const show = async (reference: string): Promise<ModelVersion> =>
    JSON.parse(await product.succeed(['models', 'show', reference, '--json'])) as ModelVersion;

  it('shows what a folder is, with the run it came from, and verifies every file', async () => {
    const { name, flavor, run } = facts();
    const version = await show(`${name}:1`);
    expect(version).toMatchObject({
      signed: true,
      verified: true,
      servable: false,
      framework: `mlflow-${flavor}`,
      metrics: { accuracy: 0.75 },
      stage: 'Archived',
      lineage: { run, datasets: [] },
    });
    expect(version.flavors).toContain('python_function');
    expect(version.files.map((file) => file.path)).toEqual(
      expect.arrayContaining(['MLmodel', 'falaj-model.json', 'model.sig']),
    );
    if (flavor === 'sklearn')
      expect(version.signature.inputs).toEqual([{ name: '0', type: 'float64', shape: [-1, 2] }]);
    expect(await show(`${name}-files:1`)).toMatchObject({ framework: 'files', flavors: [], verified: true });
    const verification = JSON.parse(await product.succeed(['models', 'verify', `${name}:1`, '--json'])) as {
      verified: boolean;
      files: unknown[];
    };
    expect(verification.verified).toBe(true);
    expect(verification.files).toHaveLength(version.files.length);
    expect(await product.succeed(['models', 'show', `${name}:1`])).toMatch(/kept as it is, not run here/);
    expect(await product.succeed(['models', 'ls'])).toContain(name);
  }, 60_000);

  it('exports a folder that others can verify', async () => {
    const out = path.join(folder, 'out');
    await product.succeed(['models', 'export', `${facts().name}:2`, out, '--quiet']);
    expect(readdirSync(out)).toContain('MLmodel');
    const verify = ['verify', out, path.join(out, 'model.sig'), '--public-key', `${out}.pub.pem`, '--json'];
    expect(JSON.parse(await product.succeed(verify))).toMatchObject({ verified: true });
    writeFileSync(path.join(out, 'MLmodel'), 'flavors: {}\n');
    expect((await product.run(verify)).code).toBe(3);
  }, 60_000);

  it('is not asked to predict with what it only keeps', async () => {
    const rows = path.join(folder, 'rows.csv');
    const out = path.join(folder, 'scored.csv');
    writeFileSync(rows, 'a,b\n1,2\n');
    const { name, flavor } = facts();
    const answer = await product.run(['predict', `${name}@champion`, '--in', rows, '--out', out, '--json']);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.err.trim().split('\n').at(-1)!)).toMatchObject({
      error: {
        code: 'NOT_SERVABLE',
        message: expect.stringContaining(`mlflow-${flavor}`),
        hint: expect.stringContaining(`models:/${name}/1`),
      },
    });
    expect(existsSync(out)).toBe(false);
  }, 60_000);

  it('loses an alias, a version and a model to the command line', async () => {
    const { name } = facts();
    expect((await product.run(['models', 'rm', `${name}:1`])).code).toBe(1);
    expect((await product.run(['models', 'alias', name, 'champion'])).code).toBe(2);
    await product.succeed(['models', 'alias', name, 'champion', '--remove']);
    await product.succeed(['models', 'rm', `${name}:1`]);
    await product.succeed(['models', 'rm', `${name}-files`, '--all']);
    expect((await product.run(['models', 'show', `${name}-files`])).code).toBe(5);
    const models = JSON.parse(await product.succeed(['models', 'ls', '--json'])) as {
      name: string;
      framework: string | null;
    }[];
    expect(models.find((model) => model.name === `${name}-moved`)).toMatchObject({
      versions: 0,
      framework: null,
    });
    expect(models.find((model) => model.name === name)?.framework).toMatch(/^mlflow-/);
    expect((await product.run(['models', 'show', `${name}-moved`])).code).toBe(5);
  }, 60_000);

  it('has every change on record', async () => {
    const log = JSON.parse(await product.succeed(['audit', 'log', '--limit', '500', '--json'])) as {
      entries: { action: string; object: string }[];
    };
    const actions = new Set(log.entries.map((entry) => entry.action));
    for (const action of [
      'model.create',
      'model.register',
      'model.alias',
      'model.alias.remove',
      'model.rename',
      'model.describe',
      'model.tag',
      'model.tag-remove',
      'model.stage',
      'model.download',
      'model.remove',
      'model.remove-name',
    ])
      expect(actions).toContain(action);
    expect(await product.succeed(['audit', 'verify'])).toMatch(/./);
  }, 60_000);
});

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineageGraph, Run } from '../../../src/shared/contract/types.ts';
import { Product } from '../../faults/engine-support/product.ts';

const possible = spawnSync('python3', ['--version']).status === 0;
if (!possible)
  process.stderr.write('\nSKIPPED: reads of a Python script were not recorded (python3 is missing)\n\n');

const DEFINITIONS = `kind: Entity
name: town
keys: [{name: town, type: string}]
---
kind: FeatureView
name: visits_view
entities: [town]
source: {dataset: visits}
features: [{name: price}]
online: true
`;
const SHA256 = expect.stringMatching(/^[0-9a-f]{64}$/);

interface Said {
  readonly inputs: {
    readonly dataset: { readonly name: string; readonly source: string; readonly digest: string };
    readonly tags?: readonly { readonly key: string; readonly value: string }[];
  }[];
  readonly refused: readonly number[];
  readonly online: readonly unknown[];
}

describe.skipIf(!possible)('what a script reads over HTTP with the token of its run', () => {
  let product: Product;

  const importRows = async (name: string, text: string, ...more: string[]): Promise<void> => {
    writeFileSync(path.join(product.root, `${name}.csv`), text);
    await product.succeed(['data', 'import', `${name}.csv`, '--name', name, '--quiet', ...more]);
  };

  beforeAll(async () => {
    product = new Product();
    const at = '2026-01-01T00:00:00Z';
    await product.succeed(['init', '--name', 'Reads', '--quiet']);
    await importRows('visits', `at,town,price\n${at},Dubai,2\n${at},Fujairah,3\n`, '--event-time', 'at');
    await importRows('asked', 'event_time,town\n2026-01-02T00:00:00Z,Dubai\n');
    await importRows('more', 'town\nDubai\n');
    writeFileSync(path.join(product.root, 'falaj.yaml'), DEFINITIONS);
    await product.succeed(['apply', '-f', 'falaj.yaml']);
    await product.succeed(['features', 'materialize', '--all', '--quiet']);
  }, 120_000);
  afterAll(() => product.close());

  it('becomes inputs of its run, each once, and its repetition tells which differ', async () => {
    const script = path.join(import.meta.dirname, 'read.py');
    const { run: id } = JSON.parse(await product.succeed(['run', '--json', '--', 'python3', script])) as {
      run: string;
    };
    const said = JSON.parse(readFileSync(path.join(product.root, 'said.json'), 'utf8')) as Said;
    expect(said.online).toEqual([{ visits_view__price: 2 }, { visits_view__price: 3 }]);
    expect(said.refused).toEqual([403, 403, 403, 403]);
    expect(
      said.inputs.map(({ dataset, tags = [] }) => [
        dataset.name,
        dataset.source,
        Object.fromEntries(tags.map(({ key, value }) => [key, value])),
      ]),
    ).toEqual(
      expect.arrayContaining([
        [
          'visits',
          '/data/visits@1',
          { 'mlflow.data.context': 'training', 'falaj.columns': '["price","town"]' },
        ],
        ['asked', '/data/asked@1', {}],
        ['more', '/data/more@1', {}],
        ['visits_view:price', '/features', {}],
        ['visits_view:price', '/features/online', {}],
      ]),
    );
    expect(said.inputs).toHaveLength(5);
    const shown = JSON.parse(await product.succeed(['runs', 'show', id, '--json'])) as Run;
    const names = shown.data.map(({ name, version }) => `${name}@${version}`);
    expect(names.sort()).toEqual(['asked@1', 'more@1', 'visits@1']);
    for (const { digest } of shown.data) expect(digest).toEqual(SHA256);
    const lineage = JSON.parse(await product.succeed(['lineage', `run/${id}`, '--json'])) as LineageGraph;
    expect(lineage.nodes.filter(({ kind }) => kind === 'dataset').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['asked', 'more', 'visits']),
    );

    await importRows(
      'visits',
      'at,town,price\n2026-01-01T12:00:00Z,Dubai,9\n',
      '--mode',
      'append',
      '--event-time',
      'at',
    );
    const again = JSON.parse(await product.succeed(['runs', 'rerun', id, '--json'])) as {
      differences: { what: string; name: string; before: string; after: string }[];
    };
    const data = again.differences.filter(({ what }) => what === 'data');
    expect(data.map(({ name }) => name)).toEqual(['visits', 'visits_view:price']);
    expect(data[0]).toMatchObject({
      before: expect.stringContaining('/data/visits@1 '),
      after: expect.stringContaining('/data/visits@2 '),
    });
  }, 120_000);
});

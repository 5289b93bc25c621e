import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../../../test/faults/engine-support/product.ts';
import type { Run } from '../../shared/contract/types.ts';

const CLI = path.resolve(import.meta.dirname, '../cli/main.ts');
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

let product: Product;
beforeAll(async () => {
  product = new Product();
  const at = '2026-01-01T00:00:00Z';
  writeFileSync(path.join(product.root, 'visits.csv'), `at,town,price\n${at},Dubai,2\n${at},Fujairah,3\n`);
  writeFileSync(path.join(product.root, 'rows.csv'), 'event_time,town\n2026-01-02T00:00:00Z,Dubai\n');
  writeFileSync(path.join(product.root, 'falaj.yaml'), DEFINITIONS);
  await product.succeed(['init', '--name', 'Tests', '--quiet']);
  await product.succeed([
    'data',
    'import',
    'visits.csv',
    '--name',
    'visits',
    '--event-time',
    'at',
    '--quiet',
  ]);
  await product.succeed(['apply', '-f', 'falaj.yaml']);
  await product.succeed(['features', 'materialize', '--all', '--quiet']);
}, 60_000);
afterAll(() => product.close());

const falaj = (args: string): string => `${process.execPath} ${CLI} ${args}`;
const runShown = async (program: string): Promise<Run> => {
  const { run } = JSON.parse(await product.succeed(['run', '--json', '--', 'sh', '-c', program])) as {
    run: string;
  };
  return JSON.parse(await product.succeed(['runs', 'show', run, '--json'])) as Run;
};

describe('what a script reads with commands', () => {
  it('is kept with its run, and told apart when the run is repeated', async () => {
    const historical = 'features historical --features visits_view:price --entities rows.csv --out set.csv';
    const shown = await runShown(`${falaj('data export visits out.csv')} && ${falaj(historical)}`);
    expect(shown.data).toEqual([
      { name: 'visits', version: 1, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);

    writeFileSync(path.join(product.root, 'more.csv'), 'at,town,price\n2026-01-01T12:00:00Z,Dubai,9\n');
    await product.succeed([
      'data',
      'import',
      'more.csv',
      '--name',
      'visits',
      '--mode',
      'append',
      '--event-time',
      'at',
      '--quiet',
    ]);
    const again = JSON.parse(await product.succeed(['runs', 'rerun', shown.id, '--json'])) as {
      run: string;
      differences: { what: string; name: string }[];
    };
    expect(again.differences.filter(({ what }) => what === 'data').length).toBeGreaterThanOrEqual(1);
    const repeated = JSON.parse(await product.succeed(['runs', 'show', again.run, '--json'])) as Run;
    expect(repeated.data).toEqual([expect.objectContaining({ name: 'visits', version: 2 })]);
  }, 120_000);

  it.each([
    [
      'features of the online store',
      1,
      `features online --features visits_view:price --keys '[{"town": "Dubai"}]'`,
    ],
    ['features of the history', 2, 'features as-of visits_view'],
  ])(
    'is kept also where it goes to no file: %s',
    async (_what, version, command) => {
      const shown = await runShown(`${falaj(command)} && ${falaj(command)}`);
      expect(shown.data).toEqual([expect.objectContaining({ name: 'visits', version })]);
    },
    60_000,
  );

  it('is of no concern outside of a run', async () => {
    await product.succeed(['data', 'export', 'visits', 'plain.csv']);
    await product.succeed(['features', 'as-of', 'visits_view']);
    const runs = JSON.parse(await product.succeed(['runs', 'ls', '--json'])) as Run[];
    expect(runs.every(({ data }) => data.length > 0)).toBe(true);
  }, 60_000);
});

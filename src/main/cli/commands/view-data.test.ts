import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../../test/faults/engine-support/run-cli.ts';

const DEFINITIONS = `
kind: Entity
name: driver
keys: [{name: driver, type: string}]
---
kind: FeatureView
name: trips
entities: [driver]
source: {dataset: trips}
features: [{name: fare}]
---
kind: Training
name: rating
entities: {dataset: trips}
columns: [fare]
label: {column: good}
task: binary
learner: {kind: linear}
`;

let folder: string;
const environment = { FALAJ_PASSPHRASE: 'a passphrase for the tests 48', FALAJ_KEYRING: 'off' };
const falaj = (...given: string[]) =>
  runCli([...given, '--workspace', path.join(folder, 'workspace')], { environment });

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'ft-'));
  const definitions = path.join(folder, 'falaj.yaml');
  const trips = path.join(folder, 'trips.csv');
  writeFileSync(definitions, DEFINITIONS);
  writeFileSync(trips, 'driver,at,fare,good\namal,2026-01-05T10:00:00Z,8.5,true\n');
  expect((await falaj('init', '--name', 'Tests')).code).toBe(0);
  expect((await falaj('data', 'import', trips, '--name', 'trips', '--event-time', 'at')).code).toBe(0);
  expect((await falaj('apply', '-f', definitions)).code).toBe(0);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a view and its dataset on the command line', () => {
  it('tells which features a view has when asked about another', async () => {
    const { code, err } = await falaj('features', 'stats', 'trips', '--feature', 'fair');
    expect(code).toBe(5);
    expect(err).toContain(
      'error[NOT_FOUND]: View "trips" has no feature "fair".\nhint: Did you mean "fare"?',
    );
  }, 60_000);

  it('refuses keys that are none, in words', async () => {
    const { code, err } = await falaj('features', 'online', '--features', 'trips:*', '--keys', '[]');
    expect(code).toBe(2);
    expect(err).toContain('error[BAD_INPUT]: There are no rows in --keys.');
  }, 60_000);

  it('shows what came of each version of a dataset apart', async () => {
    const entities = path.join(folder, 'entities.csv');
    const trips = path.join(folder, 'trips.csv');
    writeFileSync(entities, 'driver,event_time\namal,2026-01-06\n');
    const out = ['--out', path.join(folder, 'set.parquet'), '--receipt', path.join(folder, 'set.json')];
    const built = ['features', 'historical', '--features', 'trips:*', '--entities', entities, ...out];
    expect((await falaj(...built)).code).toBe(0);
    appendFileSync(trips, 'amal,2026-01-07T10:00:00Z,9.5,false\n');
    expect((await falaj('data', 'import', trips, '--name', 'trips', '--event-time', 'at')).code).toBe(0);
    const trees = (await falaj('lineage', 'dataset/trips', '--down')).out.trim().split('\n\n');
    const [newer, older] = ['dataset trips@2', 'dataset trips@1'].map((root) =>
      trees.find((tree) => tree.startsWith(root)),
    );
    expect(newer).not.toContain('training-set');
    expect(older).toContain('training-set');
  }, 120_000);

  it('names what can no longer be computed when the dataset goes', async () => {
    const { code, out } = await falaj('data', 'rm', 'trips');
    expect(code).toBe(0);
    expect(out).toBe(
      'Removed trips.\nUntil it is imported again, nothing is computed for:\n  views      trips\n  trainings  rating\n',
    );
  }, 60_000);
});

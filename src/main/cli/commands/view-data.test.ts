import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it('names what can no longer be computed when the dataset goes', async () => {
    const { code, out } = await falaj('data', 'rm', 'trips');
    expect(code).toBe(0);
    expect(out).toBe(
      'Removed trips.\nUntil it is imported again, nothing is computed for:\n  views      trips\n  trainings  rating\n',
    );
  }, 60_000);
});

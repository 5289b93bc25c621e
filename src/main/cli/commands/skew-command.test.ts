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
name: state
entities: [driver]
source: {push: true}
features: [{name: battery}]
---
kind: FeatureService
name: dispatch
features: ["state:*"]
log: {sample: 1}
`;

let folder: string;
const environment = { FALAJ_PASSPHRASE: 'a passphrase for the tests 47', FALAJ_KEYRING: 'off' };
const falaj = (...given: string[]) =>
  runCli([...given, '--workspace', path.join(folder, 'workspace')], { environment });

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fs-'));
  const definitions = path.join(folder, 'falaj.yaml');
  const states = path.join(folder, 'states.csv');
  writeFileSync(definitions, DEFINITIONS);
  writeFileSync(states, 'driver,event_time,battery\namal,2026-01-05T10:00:00Z,0.8\n');
  expect((await falaj('init', '--name', 'Tests')).code).toBe(0);
  expect((await falaj('apply', '-f', definitions)).code).toBe(0);
  expect((await falaj('features', 'push', 'state', states)).code).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('falaj features skew', () => {
  it('compares the reads that earlier commands made, and ends with 0 when they are as they were known', async () => {
    const none = await falaj('features', 'skew', 'dispatch');
    expect(none).toMatchObject({ code: 1 });
    expect(none.err).toContain('error[NO_ROWS]');
    const keys = '[{"driver": "amal"}, {"driver": "badr"}]';
    expect((await falaj('features', 'online', '--service', 'dispatch', '--keys', keys)).code).toBe(0);
    const service = await falaj('features', 'service', 'dispatch', '--json');
    expect(JSON.parse(service.out)).toMatchObject({ log: { rows: 2 }, definition: { log: { sample: 1 } } });
    const { code, out } = await falaj('features', 'skew', 'dispatch', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ skew: false, rows: 2, source: { kind: 'log' } });
  }, 60_000);

  it('ends with 3 when a log from elsewhere differs, and shows the last comparison again', async () => {
    const log = path.join(folder, 'served.csv');
    writeFileSync(log, `driver,read_at,state__battery\namal,${new Date().toISOString()},80\n`);
    const found = await falaj('features', 'skew', 'dispatch', '--log', log, '--event-time', 'read_at');
    expect(found.code).toBe(3);
    expect(found.out).toContain('Skew found in 1 of 1 features.');
    expect(found.out).toContain('state__battery');
    const last = await falaj('features', 'skew', 'dispatch', '--last', '--json');
    expect(last.code).toBe(3);
    expect(JSON.parse(last.out)).toMatchObject({ skew: true, source: { kind: 'file', file: 'served.csv' } });
  }, 60_000);

  it('refuses a tolerance that is none', async () => {
    expect(await falaj('features', 'skew', 'dispatch', '--tolerance', '2')).toMatchObject({ code: 2 });
  });
});

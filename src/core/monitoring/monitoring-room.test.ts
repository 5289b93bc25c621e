import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { silentJob as context } from '../../../test/fixtures/silent-job.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { MonitoringRoom, monitoringMigrations } from './index.ts';

let parts: EngineParts;
let monitoring: MonitoringRoom;

const JANUARY = 'sales[2026-01-01..2026-02-01]';
const FEBRUARY = 'sales[2026-02-01..2026-03-01]';

beforeEach(async () => {
  parts = await openParts([dataMigrations, monitoringMigrations]);
  const data = new DataRoom(parts);
  monitoring = new MonitoringRoom({ ...parts, data });
  const lines = ['at,price,weight'];
  for (let row = 0; row < 2000; row++) {
    const february = row >= 1000;
    const at = new Date(Date.UTC(2026, february ? 1 : 0, 1) + (row % 1000) * 60_000).toISOString();
    // The price rises by a quarter in February; the weight stays as it was.
    lines.push(`${at},${((row * 7919) % 100) * (february ? 1.25 : 1)},${(row * 104_729) % 50}`);
  }
  const file = path.join(parts.folder, 'sales.csv');
  writeFileSync(file, `${lines.join('\n')}\n`);
  await data.import(context, {
    name: 'sales',
    files: [file],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
});
afterEach(() => parts.close());

describe('MonitoringRoom', () => {
  it('tells what moved from what did not, leaves the event time out, and keeps the check', async () => {
    const check = await monitoring.check(context, { reference: JANUARY, current: FEBRUARY });
    expect(check.rows).toEqual({ reference: 1000, current: 1000 });
    expect(check.columns.map(({ name, drift }) => [name, drift])).toEqual([
      ['price', true],
      ['weight', false],
    ]);
    expect(monitoring.get({ id: check.id })).toEqual(check);
    expect(monitoring.list()).toMatchObject([{ id: check.id, drift: true, columns: 2, drifted: 1 }]);
    expect(parts.audit.list().entries[0]).toMatchObject({
      action: 'drift.check',
      object: `drift/${check.id}`,
    });
  });

  it('is quiet about the same rows', async () => {
    expect(
      (await monitoring.check(context, { reference: JANUARY, current: JANUARY, tests: 'psi' })).drift,
    ).toBe(false);
  });

  it.each([
    ['an unknown dataset', { reference: 'nothing', current: FEBRUARY }, 'NOT_FOUND'],
    ['a stretch without rows', { reference: JANUARY, current: 'sales[2027-01-01..2027-02-01]' }, 'NO_ROWS'],
    ['an unknown column', { reference: JANUARY, current: FEBRUARY, columns: ['colour'] }, 'UNKNOWN_COLUMN'],
    ['a selection it cannot read', { reference: JANUARY, current: 'sales[' }, 'BAD_INPUT'],
  ])('refuses %s and keeps nothing', async (_what, input, code) => {
    await expect(monitoring.check(context, input)).rejects.toMatchObject({ code });
    expect(monitoring.list()).toEqual([]);
  });
});

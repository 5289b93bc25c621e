import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FeatureWorkspace, openFeatureWorkspace } from '../../fixtures/feature-workspace.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const python = installPythonPackages('feast-0.67', ['feast==0.67.*']);
if (typeof python === 'string') {
  process.stderr.write(`\nSKIPPED: training sets were not compared with those of Feast 0.67 (${python})\n\n`);
}

const HOUR_MICROS = 3_600_000_000;

const LIVES: readonly (readonly [string, number])[] = [
  ['short lives', HOUR_MICROS],
  ['lives of days', 48 * HOUR_MICROS],
  ['lives longer than the history', 7000 * HOUR_MICROS],
];

interface Asked {
  readonly history: string;
  readonly spine: string;
  readonly ttlMicros: number;
}

/** Per case, ids to values as Feast joins them. It may leave out spine rows for which it finds nothing. */
function feast(bin: string, cases: readonly Asked[]): Map<number, number | null>[] {
  const script = path.join(import.meta.dirname, 'historical_features.py');
  const triples = cases.flatMap(({ history, spine, ttlMicros }) => [history, spine, String(ttlMicros)]);
  const result = spawnSync(path.join(bin, 'python'), [script, ...triples], {
    encoding: 'utf8',
    timeout: 100_000,
    env: { ...process.env, FEAST_USAGE: 'False' },
  });
  if (result.status !== 0) throw new Error(`Feast ended with ${result.status}: ${result.stderr}`);
  const found = cases.map(() => new Map<number, number | null>());
  for (const line of result.stdout.trim().split('\n')) {
    const [number, id, value] = line.split(',') as [string, string, string];
    found[Number(number)]!.set(Number(id), value === '' ? null : Number(value));
  }
  return found;
}

/** Where Feast's documented rules are ours: histories of less than a year, one row per key and instant, a lifetime. */
describe.skipIf(typeof python === 'string')('Feast 0.67', () => {
  let workspace: FeatureWorkspace;
  let cases: Asked[];
  let theirs: Map<number, number | null>[];

  const asked = async (ttlMicros: number, number: number): Promise<Asked> => {
    const random = (salt: number): string => `hash(i * ${number * 1000 + salt})`;
    const start = "TIMESTAMP '2026-01-01 00:00:00'";
    const keys = `'s' || (${random(1)} % 8) AS shop, CAST(${random(2)} % 3 AS BIGINT) AS item`;
    // an odd step keeps instants apart; every ninth value is null
    const history = await workspace.parquet(
      `SELECT ${keys}, ${start} + to_microseconds(i * 3600000001) AS at,
              CASE WHEN ${random(3)} % 9 = 0 THEN NULL ELSE i * 0.5 END AS value
       FROM range(2000) t(i)`,
    );
    // some questions stand at the very instant of a row, or at the very end of its life
    const spine = await workspace.parquet(
      `SELECT i AS id, ${keys}, ${start} + to_microseconds(CAST(CASE ${random(4)} % 3
                WHEN 0 THEN i * 3600000001
                WHEN 1 THEN i * 3600000001 + ${ttlMicros}
                ELSE ${random(5)} % 7200000000000 END AS BIGINT)) AS event_time
       FROM range(1500) t(i)`,
    );
    return { history, spine, ttlMicros };
  };

  beforeAll(async () => {
    workspace = await openFeatureWorkspace();
    workspace.apply(
      { kind: 'Entity', name: 'shop', keys: [{ name: 'shop', type: 'string' }] },
      { kind: 'Entity', name: 'item', keys: [{ name: 'item', type: 'int64' }] },
    );
    cases = await Promise.all(LIVES.map(([, ttlMicros], index) => asked(ttlMicros, index + 1)));
    theirs = feast((python as { bin: string }).bin, cases);
  }, 120_000);
  afterAll(() => workspace.close());

  it.each(LIVES.map(([what], index) => [what, index] as const))(
    'finds the same values for keys of two parts and %s',
    async (_what, index) => {
      const { history, spine, ttlMicros } = cases[index]!;
      const name = `sales${index}`;
      await workspace.importHistory({ name, file: history });
      workspace.apply({
        kind: 'FeatureView',
        name,
        entities: ['shop', 'item'],
        source: { dataset: name },
        ttl: `${ttlMicros}us`,
        features: [{ name: 'value' }],
      });
      const ours = await workspace.rows({ features: [`${name}:value`], file: spine });
      const ids = ours['id'] as number[];
      const values = ours[`${name}__value`]!;
      expect(ids).toHaveLength(1500);
      expect(values.filter((value) => value !== null).length).toBeGreaterThan(100);
      expect(values).toEqual(ids.map((id) => theirs[index]!.get(id) ?? null));
    },
  );
});

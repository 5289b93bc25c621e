import { setTimeout as sleep } from 'node:timers/promises';
import { feast } from './feast-peer.ts';
import { openJoinWorkload } from './join-workload.ts';
import { brief, quantile, reportFigures } from './report-figures.ts';

/**
 * The same training set by Feast, from the same files: its DuckDB store and its default store, from the entities' file to a
 * file with their features. Each of our rounds stands between two of theirs.
 */
/** The default store takes minutes. */
const ROUNDS = { duckdb: brief ? 1 : 5, dask: 1 } as const;
/** A person's next set comes later than that: a process that reads files is ready again. */
const PAUSE_MS = brief ? 0 : 1_000;
const workload = await openJoinWorkload(brief ? 20_000 : 1_000_000);
const theirs = (store: string) =>
  feast(
    'historical',
    store,
    workload.file('history.parquet'),
    workload.file('entities.parquet'),
    workload.file('feast.parquet'),
    2,
  );
const joins: number[] = [];
const stores = { duckdb: [] as number[], dask: [] as number[] };
const lost = { duckdb: 0, dask: 0 };
let version = '';
await workload.ours();
for (const store of ['duckdb', 'dask'] as const) {
  for (let round = 0; round < ROUNDS[store]; round++) {
    await sleep(PAUSE_MS);
    joins.push(await workload.ours());
    const answer = theirs(store);
    // The second of two in one process: imports and the registry are not counted.
    stores[store].push(answer.ms.at(-1)!);
    lost[store] = answer.asked! - answer.rows!;
    ({ version } = answer);
  }
}
const oursMs = quantile(joins);
const figure = (store: 'duckdb' | 'dask', name: string, atLeast: number) => ({
  measure: `The same training set by Feast's ${name}, time against ours`,
  value: quantile(stores[store]) / oursMs,
  unit: '×' as const,
  atLeast,
  note: `Feast ${version}: ${Math.round(quantile(stores[store]))} ms, ${lost[store]} of ${workload.rows} rows lost; ours ${Math.round(oursMs)} ms, encrypted and with a receipt`,
});
reportFigures([figure('duckdb', 'DuckDB store', 5), figure('dask', 'default store', 30)]);
await workload.close();

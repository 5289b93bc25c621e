import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { asofStatement, openJoinWorkload } from './join-workload.ts';
import { brief, quantile, reportFigures } from './report-figures.ts';

/**
 * Historical features of as many entity rows as an encrypted history has over a tenth as many entities (5 floats, a time to
 * live of 7 days), Parquet in and Parquet out, with a signed receipt, against DuckDB's ASOF join over the same
 * rows in plain Parquet. DuckDB starts a process of its own; ours starts one to read the entities. Both run in turn.
 */
const rounds = Number(process.argv[2] ?? (brief ? 1 : 7));
const ROWS = Number(process.argv[3] ?? 1_000_000);
const workload = await openJoinWorkload(brief ? 50_000 : ROWS);
/** What was promised is promised of a million rows. */
const isPromised = ROWS === 1_000_000;
const size = `${ROWS / 1e6}M × ${ROWS / 1e6}M`;
const asof = asofStatement(workload);
/** The most resident memory since the last call; of the whole run where the system cannot tell. */
function peakMB(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1000;
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!;
  writeFileSync('/proc/self/clear_refs', '5');
  return (Number(kibibytes) * 1024) / 1e6;
}

/** Longer than threads wait for more work. */
const IDLE_MS = brief ? 0 : 6_000;
const PAUSE_MS = brief ? 0 : 1_000;
await sleep(IDLE_MS);
peakMB();
const idleMB = process.memoryUsage().rss / 1e6;
const firstMs = await workload.ours();
workload.plain(asof);
const baseline: { processMs: number; queryMs: number }[] = [];
const joins: number[] = [];
for (let round = 0; round < rounds; round++) {
  baseline.push(workload.plain(asof));
  // A person's next set comes later than that: what the last one needed has been given back.
  await sleep(PAUSE_MS);
  joins.push(await workload.ours());
}
const oursMs = quantile(joins);
const processMs = quantile(baseline.map((one) => one.processMs));
const queryMs = quantile(baseline.map((one) => one.queryMs));
const sizeMB = (name: string): string => (statSync(workload.file(name)).size / 1e6).toFixed(1);
reportFigures([
  {
    measure: `Point-in-time join of ${size} rows × 5, time against DuckDB ASOF on plain Parquet`,
    value: oursMs / processMs,
    unit: '×',
    ...(isPromised ? { atMost: 0.8 } : {}),
    note: `${Math.round(oursMs)} ms, the first ${Math.round(firstMs)} ms, against ${Math.round(processMs)} ms; DuckDB's query alone ${Math.round(queryMs)} ms`,
  },
  {
    measure: `Peak memory of the engine over its idle memory in that join of ${size} rows`,
    value: peakMB() - idleMB,
    unit: 'MB',
    ...(isPromised ? { atMost: 400 } : {}),
    note: `idle ${idleMB.toFixed(0)} MB after the import; Parquet written: ${sizeMB('ours.parquet')} MB, by DuckDB ${sizeMB('plain.parquet')} MB`,
  },
]);
await workload.close();

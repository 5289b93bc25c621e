// The whole main job as a person runs it, from an empty folder to the report:   node test/bench/demo.ts [20k|200k|3m]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { demoReport } from '../../src/shared/contract/demo.ts';
import { brief, reportFigures } from './support/report-figures.ts';

const LIMITS: Readonly<Record<string, { readonly seconds?: number; readonly gigabytes?: number }>> = {
  '200k': { seconds: 30 },
  '3m': { seconds: 240, gigabytes: 3 },
};

const rows = brief ? '20k' : (process.argv[2] ?? '200k');
const root = path.resolve(import.meta.dirname, '../..');
const built = path.join(root, 'dist', 'node', 'cli.mjs');
const program = existsSync(built) ? built : path.join(root, 'src/main/cli/main.ts');
const folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-bench-demo-'));

try {
  const startedMs = performance.now();
  const run = spawnSync(
    process.execPath,
    [program, 'demo', '--rows', rows, '--dir', path.join(folder, 'workspace'), '--json', '--quiet'],
    {
      env: { ...process.env, FALAJ_PASSPHRASE: 'a passphrase for the benchmark', FALAJ_KEYRING: 'off' },
      encoding: 'utf8',
    },
  );
  const wholeMs = performance.now() - startedMs;
  if (run.status !== 0) throw new Error(`The demo ended with ${run.status}:\n${run.stderr}`);
  const report = demoReport.parse(JSON.parse(run.stdout));
  const limits = LIMITS[rows] ?? {};
  const steps = Object.entries(report.timingsMs)
    .filter(([step]) => step !== 'total')
    .map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)}`)
    .join(', ');
  reportFigures([
    {
      measure: `Demo with ${rows} flights, whole command`,
      value: wholeMs / 1000,
      unit: 's',
      ...(limits.seconds === undefined ? {} : { atMost: limits.seconds }),
      note: `seconds: ${steps}`,
    },
    {
      measure: `Demo with ${rows} flights, peak memory`,
      value: report.peakMemoryBytes / 1e9,
      unit: 'GB',
      ...(limits.gigabytes === undefined ? {} : { atMost: limits.gigabytes }),
    },
    {
      measure: `Demo with ${rows} flights, AUC on the last 20 %`,
      value: report.metrics.auc,
      unit: '',
      note: `the origin's prior late rate ${report.metrics.baselineAuc.toFixed(4)}`,
    },
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

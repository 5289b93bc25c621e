// npm run bench [-- NAME…] [--brief]: runs the measurements of test/bench one after the other, prints one table and keeps it in
// docs/benchmarks/results.json and docs/benchmarks.md. --brief only shows that they work: small, and nothing is kept.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureReady } from './ensure.mjs';
import { fail, projectNode, projectRoot, run } from './lib/toolchain.mjs';

const BENCHES = {
  import: ['import.ts'],
  'features-join': ['features-join.ts'],
  'features-join-10m': ['features-join.ts', '3', '10000000'],
  'features-feast': ['features-feast.ts'],
  'point-read': ['point-read.ts'],
  'contract-calls': ['contract-calls.ts'],
  'features-online': ['features-online.ts'],
  tracking: ['tracking.ts'],
  'tracking-points': ['tracking-points.ts'],
  'predict-row': ['predict-row.ts'],
  jobs: ['jobs.ts'],
  window: ['window.ts'],
  'first-screen': ['first-screen.ts'],
  'engine-start': ['engine-start.ts'],
  'training-gbdt': ['training-gbdt.ts'],
  'training-gbdt-flights': ['training-gbdt.ts', 'flights'],
  'training-mlp': ['training-mlp.ts'],
  'demo-200k': ['demo.ts', '200k'],
  'demo-3m': ['demo.ts', '3m'],
};
const RESULTS = path.join(projectRoot, 'docs', 'benchmarks', 'results.json');
const PAGE = path.join(projectRoot, 'docs', 'benchmarks.md');
const TABLE = /(<!-- results -->\n)[\s\S]*?(<!-- end of results -->)/;

const brief = process.argv.includes('--brief');
const asked = process.argv.slice(2).filter((argument) => argument !== '--brief');
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0)
  fail(`There is no benchmark "${unknown[0]}".`, `There are: ${Object.keys(BENCHES).join(', ')}.`);

ensureReady();

function packageVersion(name) {
  return JSON.parse(fs.readFileSync(path.join(projectRoot, 'node_modules', name, 'package.json'), 'utf8'))
    .version;
}

const machine = () => ({
  processor: `${os.cpus()[0]?.model.trim()} × ${os.cpus().length}`,
  memoryGB: Number((os.totalmem() / 1e9).toFixed(1)),
  system: `${os.type()} ${os.release()} ${os.arch()}`,
});

const versions = () => ({
  falaj: JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')).version,
  node: execFileSync(projectNode(), ['--version'], { encoding: 'utf8' }).trim().slice(1),
  duckdb: packageVersion('@duckdb/node-bindings'),
  sqlite: packageVersion('better-sqlite3'),
  onnxruntime: packageVersion('onnxruntime-node'),
});

function measure(name) {
  const [file, ...args] = BENCHES[name];
  const figuresFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'falaj-bench-')), 'figures.json');
  const load = os.loadavg()[0];
  process.stdout.write(`\n── ${name} (load ${load.toFixed(1)}) ──\n`);
  // As the product's own programs run: docs/decisions/0010-no-maglev.md.
  const result = run(['--no-maglev', path.join('test', 'bench', file), ...args], {
    env: { FALAJ_BENCH_FIGURES: figuresFile, ...(brief ? { FALAJ_BENCH_BRIEF: '1' } : {}) },
  });
  const figures = fs.existsSync(figuresFile) ? JSON.parse(fs.readFileSync(figuresFile, 'utf8')) : null;
  fs.rmSync(path.dirname(figuresFile), { recursive: true });
  if (result.status !== 0 || figures === null) return null;
  return { date: new Date().toISOString(), load: Number(load.toFixed(2)), figures };
}

const verdict = ({ value, atMost, atLeast }) =>
  (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);

const target = ({ atMost, atLeast, unit }) =>
  atMost !== undefined
    ? `≤ ${atMost} ${unit}`.trim()
    : atLeast !== undefined
      ? `≥ ${atLeast} ${unit}`.trim()
      : '';

function table(benches) {
  const rows = Object.keys(BENCHES).flatMap((name) =>
    (benches[name]?.figures ?? []).map(
      (figure) =>
        `| ${figure.measure} | ${figure.value} ${figure.unit} | ${target(figure)}${verdict(figure) ? '' : ' **missed**'} | ${figure.note ?? ''} |`,
    ),
  );
  return ['| what | measured | target | beside it |', '|---|---|---|---|', ...rows].join('\n');
}

function describe({ machine: on, versions: of, benches }) {
  const dates = Object.values(benches)
    .map(({ date }) => date.slice(0, 10))
    .sort();
  const loads = Object.values(benches).map(({ load }) => load);
  return [
    `${dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`} on ${on.processor}, ${on.memoryGB} GB, ${on.system}. ` +
      `Falaj ${of.falaj}, Node ${of.node}, DuckDB ${of.duckdb}, ONNX Runtime ${of.onnxruntime}. ` +
      `Load of the machine before each: at most ${Math.max(...loads)}.`,
    '',
    table(benches),
  ].join('\n');
}

const before = fs.existsSync(RESULTS) ? JSON.parse(fs.readFileSync(RESULTS, 'utf8')).benches : {};
const measured = {};
const failed = [];
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  const result = measure(name);
  if (result === null) failed.push(name);
  else measured[name] = result;
}

process.stdout.write(`\n${table(measured)}\n`);
if (!brief && Object.keys(measured).length > 0) {
  const results = { machine: machine(), versions: versions(), benches: { ...before, ...measured } };
  fs.writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  const page = fs.readFileSync(PAGE, 'utf8');
  fs.writeFileSync(
    PAGE,
    page.replace(TABLE, (_, open, close) => `${open}${describe(results)}\n${close}`),
  );
}
const missed = Object.values(measured).flatMap(({ figures }) => figures.filter((figure) => !verdict(figure)));
for (const figure of missed)
  process.stdout.write(`missed: ${figure.measure}: ${figure.value} ${figure.unit}, ${target(figure)}\n`);
if (failed.length > 0) fail(`Not measured: ${failed.join(', ')}.`, 'See what each said above.');

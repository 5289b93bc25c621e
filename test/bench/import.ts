// Import against plain DuckDB, built as the product is built: from sources the reader would take twice as long to start.
//   node test/bench/import.ts [rounds]
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const outdir = path.join(root, 'dist', 'bench');

await esbuild.build({
  absWorkingDir: root,
  entryPoints: {
    'import-flights': 'test/bench/support/import-flights.ts',
    'data-reader': 'src/core/data/reader/child.ts',
    'key-derivation': 'src/core/vault/derivation-worker.ts',
  },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  external: ['better-sqlite3', '@duckdb/node-bindings', 'vega-datasets', '@napi-rs/keyring'],
  banner: {
    js: "import { createRequire as benchCreateRequire } from 'node:module'; const require = benchCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const program = path.join(outdir, 'import-flights.mjs');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;

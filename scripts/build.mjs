// Builds everything under dist/: the engine with its children and the command line (dist/node), the desktop shell
// (dist/electron) and the screens (dist/renderer).   node scripts/build.mjs [--only kernels|node|electron|renderer]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { touch } from './lib/staleness.mjs';
import { projectRoot } from './lib/toolchain.mjs';

process.chdir(projectRoot);
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const wanted = (part) => only === undefined || only === part;

/** Packages with native binaries, and those that find files beside themselves, stay outside the bundle. */
const EXTERNAL = [
  'better-sqlite3',
  '@duckdb/node-bindings',
  'onnxruntime-node',
  'webgpu',
  '@napi-rs/keyring',
  'systeminformation',
  '@tensorflow/tfjs-node-gpu',
  'vega-datasets',
  'electron',
];

/** zod brings its messages in some fifty languages, which every program would hold in memory; English is apart from these. */
const WITHOUT_ZOD_LOCALES = {
  name: 'without-zod-locales',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' })),
};

/** V8 keeps the text of all it has loaded: without blanks an idle engine takes 4 MB less. Names stay, for stacks tell them. */
const DENSE = { minifyWhitespace: true, minifySyntax: true, sourcemap: 'linked', legalComments: 'linked' };

const NODE_ENTRIES = {
  engine: 'src/main/engine/main.ts',
  cli: 'src/main/cli/main.ts',
  'data-reader': 'src/core/data/reader/child.ts',
  'runs-reader': 'src/core/tracking/transfer/reader/child.ts',
  'inference-session': 'src/core/inference/session-child.ts',
  'device-probe': 'src/core/devices/probe-child.ts',
  'training-graphics': 'src/core/training/graphics/child.ts',
  'training-helper': 'src/core/training/helper.ts',
  'training-worker': 'src/core/training/worker.ts',
  'feature-worker': 'src/core/features/worker.ts',
  'key-derivation': 'src/core/vault/derivation-worker.ts',
};

if (only === undefined || only === 'kernels' || only === 'node') {
  const result = spawnSync(process.execPath, ['scripts/build-kernels.mjs'], { stdio: 'inherit' });
  if (result.status !== 0) process.exit(1);
}

if (wanted('node')) {
  fs.rmSync('dist/node', { recursive: true, force: true });
  await esbuild.build({
    entryPoints: NODE_ENTRIES,
    outdir: 'dist/node',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: EXTERNAL,
    plugins: [WITHOUT_ZOD_LOCALES],
    ...DENSE,
    logLevel: 'warning',
    // Packages written for CommonJS call `require`, which an ES module has to make for itself.
    banner: {
      js: "import { createRequire as falajCreateRequire } from 'node:module'; const require = falajCreateRequire(import.meta.url);",
    },
  });
}

if (wanted('electron')) {
  fs.rmSync('dist/electron', { recursive: true, force: true });
  await esbuild.build({
    entryPoints: { main: 'src/main/electron/main.ts', preload: 'src/main/electron/preload.ts' },
    outdir: 'dist/electron',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['electron'],
    ...DENSE,
    logLevel: 'warning',
  });
}

if (wanted('renderer')) {
  const vite = await import('vite');
  await vite.build({ configFile: path.join(projectRoot, 'vite.config.ts'), logLevel: 'warn' });
}

if (only === undefined) touch('dist/.built');

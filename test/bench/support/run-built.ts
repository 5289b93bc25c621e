import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { COMPILER_FLAGS } from '../../../src/core/processes/index.ts';
import { ENGINE_ENVIRONMENT } from '../../../src/main/connect/engine-environment.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const outdir = path.join(root, 'dist', 'bench');

/**
 * Builds a measurement with the children and threads that it starts, as the product is built, and runs it: from sources
 * they would take twice as long to start.
 */
export async function runBuilt(program: string, processes: Readonly<Record<string, string>>): Promise<void> {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { [program]: `test/bench/support/${program}.ts`, ...processes },
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
  const { status } = spawnSync(
    process.execPath,
    [...COMPILER_FLAGS, path.join(outdir, `${program}.mjs`), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...ENGINE_ENVIRONMENT, ...process.env },
    },
  );
  process.exitCode = status ?? 1;
}

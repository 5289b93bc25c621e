import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** PyTorch with what it brings along is several gigabytes. */
const INSTALL_LIMIT_MS = 900_000;
/** Programs run from the project's folder. */
const CACHE = path.join(process.cwd(), '.cache');

/** Where the programs of a Python environment lie. */
export interface PythonPackages {
  readonly bin: string;
}

/** Installs packages in an environment of their own, once per clone. A string says why that was impossible. */
export function installPythonPackages(name: string, packages: readonly string[]): PythonPackages | string {
  const folder = path.join(CACHE, name);
  const bin = path.join(folder, 'bin');
  const marker = path.join(folder, 'installed');
  if (existsSync(marker)) return { bin };
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['python3', '-m', 'venv', '--clear', folder],
    [path.join(bin, 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...packages],
    [path.join(bin, 'python'), '-c', `open(${JSON.stringify(marker)}, 'w')`],
  ];
  for (const [program, ...args] of steps) {
    const result = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_LIMIT_MS });
    if (result.status !== 0)
      return `${path.basename(program)} ${args[0]}: ${result.error?.message ?? result.stderr.trim().split('\n').at(-1)}`;
  }
  return { bin };
}

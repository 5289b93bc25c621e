import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const PACKAGES = ['pandas==3.1.1', 'polars==2.1.0', 'pyarrow==26.0.1', 'requests==2.34.2'];
const INSTALL_LIMIT_MS = 240_000;
const folder = path.resolve(
  import.meta.dirname,
  '../../../.cache',
  `python-tables-${PACKAGES.map((one) => one.replace('==', '-')).join('-')}`,
);

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** The folder of a Python with pandas, Polars and PyArrow, made once. An object says why that was impossible. */
export function installPython(): string | { readonly missing: string } {
  const bin = path.join(folder, 'bin');
  const marker = path.join(folder, 'installed');
  if (existsSync(marker)) return bin;
  mkdirSync(path.dirname(folder), { recursive: true });
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', '--clear', folder]],
    [path.join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]],
    [path.join(bin, 'python'), ['-c', `open(${JSON.stringify(marker)}, 'w')`]],
  ];
  for (const [program, args] of steps) {
    const result = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_LIMIT_MS });
    if (result.status !== 0) {
      const said = result.error?.message ?? result.stderr.trim().split('\n').at(-1) ?? '';
      return { missing: `${path.basename(program)} ${args[0]}: ${said}` };
    }
  }
  return bin;
}

/** Runs a program with a script on its standard input; `output` is all that it printed. */
export function runScript(
  program: readonly string[],
  script: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program[0]!, program.slice(1), { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
    child.stdin.end(script);
  });
}

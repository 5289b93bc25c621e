import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const VERSION = '1.1.1';
const INSTALL_LIMIT_MS = 120_000;

/** Runs the reference implementation of OpenSSF Model Signing; `output` is all that it printed. */
export type ReferenceCli = (...args: readonly string[]) => {
  readonly succeeded: boolean;
  readonly output: string;
};

/** Installs the reference implementation in a folder of its own, once per machine. A string says why that was impossible. */
export function installReferenceCli(): ReferenceCli | string {
  const folder = path.join(os.tmpdir(), `falaj-model-signing-${VERSION}`);
  const command = path.join(folder, 'bin', 'model_signing');
  const marker = path.join(folder, 'installed');
  if (!existsSync(marker)) {
    const steps: [string, string[]][] = [
      ['python3', ['-m', 'venv', '--clear', folder]],
      [
        path.join(folder, 'bin', 'pip'),
        ['install', '--quiet', '--disable-pip-version-check', `model-signing==${VERSION}`, 'pyopenssl'],
      ],
      [path.join(folder, 'bin', 'python'), ['-c', `open(${JSON.stringify(marker)}, 'w')`]],
    ];
    for (const [program, args] of steps) {
      const result = spawnSync(program, args, { encoding: 'utf8', timeout: INSTALL_LIMIT_MS });
      if (result.status !== 0)
        return `${program} ${args[0]}: ${result.error?.message ?? result.stderr.trim().split('\n').at(-1)}`;
    }
  }
  return (...args) => {
    const result = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
    return { succeeded: result.status === 0, output: `${result.stdout}${result.stderr}` };
  };
}

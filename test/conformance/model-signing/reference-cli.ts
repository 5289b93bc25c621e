import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installPythonPackages } from '../support/python-packages.ts';

const VERSION = '1.1.1';

/** Runs the reference implementation of OpenSSF Model Signing; `output` is all that it printed. */
export type ReferenceCli = (...args: readonly string[]) => {
  readonly succeeded: boolean;
  readonly output: string;
};

/** Installs the reference implementation. A string says why that was impossible. */
export function installReferenceCli(): ReferenceCli | string {
  const installed = installPythonPackages(`model-signing-${VERSION}`, [
    `model-signing==${VERSION}`,
    'pyopenssl',
  ]);
  if (typeof installed === 'string') return installed;
  const command = path.join(installed.bin, 'model_signing');
  return (...args) => {
    const result = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
    return { succeeded: result.status === 0, output: `${result.stdout}${result.stderr}` };
  };
}

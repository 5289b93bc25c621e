import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type EngineHost, falaj, startHost, temporaryFolder } from './engine-host.ts';
import { PASSPHRASE } from './screen-fixtures.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A host over a workspace with so many runs of `test/fixtures/seed-runs.ts`. */
export async function hostWithRuns(count: number): Promise<EngineHost> {
  const workspace = path.join(temporaryFolder(), 'workspace');
  const secret = { FALAJ_PASSPHRASE: PASSPHRASE, FALAJ_KEYRING: 'off' };
  await falaj(['init', workspace, '--name', 'sweeps', '--quiet'], secret);
  await promisify(execFile)(
    path.join(root, 'node_modules/.bin/node'),
    [path.join(root, 'test/fixtures/seed-runs.ts'), workspace, String(count)],
    { env: { ...process.env, ...secret } },
  );
  return startHost({ workspace, passphrase: PASSPHRASE });
}

/** The id of the run of this number. */
export const seededId = (number: number): string => number.toString(16).padStart(32, '0');

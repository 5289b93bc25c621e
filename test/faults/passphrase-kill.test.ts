import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createVault, FLOOR_COST, unlockVault, VAULT_FILE } from '../../src/core/vault/index.ts';

const OLD = 'the passphrase of before';
const NEW = 'the passphrase of after';
const MOST_STEPS = 20;

const strace = spawnSync('strace', ['-V']).error === undefined;
if (!strace)
  process.stderr.write(
    '\nSKIPPED: a killed change of passphrase was not tested (strace is not installed)\n\n',
  );

describe.skipIf(!strace)('a change of passphrase that is killed', () => {
  it('leaves exactly one passphrase that opens, and always the recovery key', async () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'falaj-passphrase-'));
    const pristine = path.join(root, 'pristine');
    const { vault, recoveryKey } = await createVault({
      folder: pristine,
      name: 'W',
      passphrase: OLD,
      jurisdiction: [],
      cipher: 'sqlcipher',
      cost: FLOOR_COST,
    });
    const key = vault.deriveKey('x');
    const child = fileURLToPath(new URL('./passphrase-child.ts', import.meta.url));
    const opens = async (
      folder: string,
      secret: { passphrase: string } | { recoveryKey: string },
    ): Promise<boolean> =>
      unlockVault({ folder, secret }).then(
        (again) => again.deriveKey('x').equals(key),
        () => false,
      );
    const seen: string[] = [];
    for (let step = 1; seen.at(-1) !== 'finished' && step < MOST_STEPS; step++) {
      const folder = path.join(root, `victim-${step}`);
      cpSync(pristine, folder, { recursive: true });
      const run = spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-e',
          `inject=fsync,fdatasync,rename,renameat2:signal=KILL:when=${step}`,
          process.execPath,
          child,
          folder,
          OLD,
          NEW,
        ],
        { encoding: 'utf8' },
      );
      const [oldOpens, newOpens] = [
        await opens(folder, { passphrase: OLD }),
        await opens(folder, { passphrase: NEW }),
      ];
      expect([oldOpens, newOpens].filter(Boolean), `step ${step}`).toHaveLength(1);
      expect(await opens(folder, { recoveryKey })).toBe(true);
      expect(readdirSync(folder)).toEqual([VAULT_FILE]);
      if (run.status === 0) expect(newOpens).toBe(true);
      else expect(run.signal, run.stderr).toBe('SIGKILL');
      seen.push(run.status === 0 ? 'finished' : oldOpens ? 'before' : 'after');
    }
    rmSync(root, { recursive: true, force: true });
    expect(seen).toContain('before');
    expect(seen.at(-1)).toBe('finished');
  });
});

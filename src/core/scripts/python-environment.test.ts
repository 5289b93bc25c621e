import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPythonPackages } from '../../../test/conformance/support/python-packages.ts';
import { pythonEnvironment } from './python-environment.ts';

const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
const uv = hasPython ? installPythonPackages('uv-0.9.11', ['uv==0.9.11']) : 'python3 with venv is missing';
if (typeof uv === 'string')
  process.stderr.write(`\nSKIPPED: environments made by uv were not tried (${uv})\n\n`);

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-python-'));
  mkdirSync(path.join(folder, 'wheels'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** From an empty folder of wheels: what needs a package cannot be made, and nothing is asked of any network. */
const make = (requirements: string, programs = process.env['PATH']!): Promise<string> => {
  const file = path.join(folder, 'requirements.txt');
  writeFileSync(file, requirements);
  return pythonEnvironment({
    requirements: file,
    wheelhouse: path.join(folder, 'wheels'),
    cache: path.join(folder, 'cache'),
    environment: { ...process.env, PATH: programs },
    signal: new AbortController().signal,
    log: (text) => said.push(text),
  });
};
const kept = (): string[] => readdirSync(path.join(folder, 'cache'));

describe.skipIf(!hasPython)('an environment of Python (needs python3 with venv)', () => {
  it('is made once, however many ask for it at a time, and found again', async () => {
    const made = await Promise.all([make('# nothing\n'), make('# nothing\n')]);
    expect(new Set(made).size).toBe(1);
    expect(said.filter((text) => text.startsWith('Making'))).toHaveLength(1);
    expect(
      spawnSync(path.join(made[0]!, 'bin/python'), ['-c', 'import sys; print(sys.prefix)'], {
        encoding: 'utf8',
      }).stdout.trim(),
    ).toBe(made[0]);
    expect(await make('# nothing\n')).toBe(made[0]);
    expect(kept()).toEqual([path.basename(made[0]!)]);
    expect(await make('# something else\n')).not.toBe(made[0]);
  }, 120_000);

  it('that cannot be made is told with its reason and not kept', async () => {
    await expect(make('falaj-no-such-package==1\n')).rejects.toMatchObject({
      code: 'CHILD_FAILED',
      hint: expect.stringContaining('pip download'),
    });
    expect(said.join('\n')).toContain('falaj-no-such-package');
    expect(kept()).toEqual([]);
  }, 120_000);

  it('that somebody began who died is made anew', async () => {
    const first = await make('# nothing\n');
    rmSync(path.join(first, '.falaj-complete'));
    const gone = spawnSync('true').pid;
    writeFileSync(`${first}.lock`, String(gone));
    expect(await make('# nothing\n')).toBe(first);
    expect(existsSync(`${first}.lock`)).toBe(false);
    // It had not even written who it was.
    rmSync(path.join(first, '.falaj-complete'));
    writeFileSync(`${first}.lock`, '');
    const aMinuteAgo = new Date(Date.now() - 60_000);
    utimesSync(`${first}.lock`, aMinuteAgo, aMinuteAgo);
    expect(await make('# nothing\n')).toBe(first);
  }, 240_000);

  it('needs its files', async () => {
    rmSync(path.join(folder, 'wheels'), { recursive: true });
    await expect(make('# nothing\n')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it.skipIf(typeof uv === 'string')(
    'is made by uv where that is installed',
    async () => {
      const programs = `${(uv as { bin: string }).bin}${path.delimiter}${process.env['PATH']}`;
      const made = await make('# nothing\n', programs);
      expect(said[0]).toBe('Making an environment with uv.');
      expect(spawnSync(path.join(made, 'bin/python'), ['-c', 'print(1)'], { encoding: 'utf8' }).stdout).toBe(
        '1\n',
      );
      await expect(make('falaj-no-such-package==1\n', programs)).rejects.toMatchObject({
        code: 'CHILD_FAILED',
      });
    },
    120_000,
  );
});

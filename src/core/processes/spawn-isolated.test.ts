import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IsolatedChildOptions, spawnIsolated } from './spawn-isolated.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-isolated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program and collects what it says. */
async function runProgram(source: string, options: Partial<IsolatedChildOptions> = {}) {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, source);
  const child = spawnIsolated({
    entry: pathToFileURL(file),
    memoryLimitBytes: 1e9,
    timeLimitMs: 20_000,
    ...options,
  });
  const messages: unknown[] = [];
  child.onMessage((message) => messages.push(message));
  child.stdout.resume();
  const exit = await child.exited;
  return { exit, messages, stderr: child.stderrTail() };
}

const attempt = (code: string): string => `
  import fs from 'node:fs'; import cp from 'node:child_process'; import path from 'node:path';
  let outcome;
  try { ${code}; outcome = 'allowed'; } catch (error) { outcome = error.code ?? String(error); }
  process.send(outcome, () => process.exit(0));
`;

describe('an isolated child', () => {
  it('cannot read a file that was not named', async () => {
    const { messages } = await runProgram(attempt("fs.readFileSync('/etc/hostname')"));
    expect(messages).toEqual(['ERR_ACCESS_DENIED']);
  });

  it('reads a file that was named', async () => {
    const allowed = path.join(folder, 'allowed.txt');
    writeFileSync(allowed, 'hello');
    const { messages } = await runProgram(attempt(`fs.readFileSync(${JSON.stringify(allowed)})`), {
      readable: [allowed],
    });
    expect(messages).toEqual(['allowed']);
  });

  it('is not started for a name that would let it read all that begins so', async () => {
    const named = path.join(folder, 'fol*');
    writeFileSync(named, 'hello');
    await expect(runProgram(attempt(''), { readable: [named] })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });

  it('writes nothing, not even in its own working directory', async () => {
    const { messages } = await runProgram(attempt("fs.writeFileSync('x.txt', 'x')"));
    expect(messages).toEqual(['ERR_ACCESS_DENIED']);
  });

  it('starts no other process', async () => {
    const { messages } = await runProgram(attempt("cp.spawnSync('true')"));
    expect(messages).toEqual(['ERR_ACCESS_DENIED']);
  });

  it('inherits no secret from the environment', async () => {
    process.env['FALAJ_PASSPHRASE'] = 'never to be seen';
    const { messages } = await runProgram(
      attempt('if (process.env.FALAJ_PASSPHRASE) throw new Error("leaked")'),
    );
    delete process.env['FALAJ_PASSPHRASE'];
    expect(messages).toEqual(['allowed']);
  });

  it.runIf(process.platform === 'linux')('leaves no core dump, whatever the system allows', async () => {
    const { messages } = await runProgram(
      'process.send(process.report.getReport().userLimits.core_file_size_blocks, () => process.exit(0))',
    );
    expect(messages).toEqual([{ soft: 0, hard: 0 }]);
  });

  it.skipIf(process.platform === 'win32')('is killed above its memory limit', async () => {
    const { exit } = await runProgram(
      'const kept = []; setInterval(() => kept.push(Buffer.alloc(30_000_000, 1)), 5);',
      { memoryLimitBytes: 250_000_000 },
    );
    expect(exit.killedFor).toBe('memory');
  });

  it('is killed after its time', async () => {
    const { exit } = await runProgram('setInterval(() => 0, 1000)', { timeLimitMs: 300 });
    expect(exit.killedFor).toBe('time');
  });

  it('is killed when the work is cancelled, also before it started', async () => {
    expect(
      (await runProgram('setInterval(() => 0, 1000)', { signal: AbortSignal.timeout(200) })).exit.killedFor,
    ).toBe('cancel');
    expect(
      (await runProgram('setInterval(() => 0, 1000)', { signal: AbortSignal.abort() })).exit.killedFor,
    ).toBe('cancel');
  });

  it('hands over what it wrote to standard error', async () => {
    const { stderr, exit } = await runProgram(
      "process.stderr.write('cause'); process.exitCode = 3;process.disconnect()",
    );
    expect(stderr).toContain('cause');
    expect(exit.code).toBe(3);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../test/faults/engine-support/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'fc-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it.each([
    [['bogus']],
    [['data', 'import', 'x.csv']],
    [['train', '--port', '1']],
    [['ui', '--port', '70000']],
    [['jobs', 'ls', '--limit', 'many']],
    [['data', 'show', 'sales@newest']],
    [['data', 'preview', 'sales@0']],
    [['data', 'import', 'x', '--name', 'x', '--format', 'xml']],
    [['features', 'historical', '--entities', 'x', '--out', 'x', '--names', 'short']],
    [['predict', 'm', '--in', 'x', '--out', 'x', '--device', 'tpu']],
    [['drift', 'check', '--reference', 'a', '--current', 'b', '--test', 'eye']],
  ])('ends wrong usage with 2 and says it in one form: %j', async (given) => {
    const text = await runCli(given);
    expect(text).toMatchObject({ code: 2, out: '' });
    expect(text.err).toMatch(/^error\[BAD_INPUT\]: .+\nhint: .+\n$/);
    const json = await runCli([...given, '--json']);
    expect(json).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(json.err)).toMatchObject({
      error: { code: 'BAD_INPUT', message: expect.any(String), hint: expect.any(String), details: {} },
    });
  });

  it('tells how a program with options is run', async () => {
    const { err } = await runCli(['run', 'python', '-c', 'print(1)']);
    expect(err).toMatch(/unknown option '-c'\nhint: Write -- before the program: falaj run -- python/);
    expect((await runCli(['run', '--bogus', '--', 'python'])).err).toMatch(/hint: See `falaj run --help`/);
    expect((await runCli(['data', 'import', 'x.csv'])).err).toMatch(/hint: See `falaj data import --help`/);
    expect((await runCli(['--quiet', 'bogus'])).err).toMatch(/hint: See `falaj --help`/);
  });

  it('shows its help, and that of each command, and ends with 0', async () => {
    const help = await runCli(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['demo', 'init', 'ui', 'up', 'devices', 'data', 'train', 'models', 'drift', 'audit'])
      expect(help.out).toContain(`\n  ${name}`);
    const data = await runCli(['data', 'import', '--help']);
    expect(data.code).toBe(0);
    expect(data.out).toContain('--event-time');
    expect(data.out).toContain('--json');
    expect(data.out).toContain('Examples:\n  falaj data import');
    for (const said of ['FALAJ_PASSPHRASE', 'Exit codes:']) expect(help.out).toContain(said);
  });

  it('prints exactly one JSON document', async () => {
    const { code, out, err } = await runCli(['version', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.versions.node,
    });
  });

  it('takes global options before and after the command', async () => {
    const before = await runCli(['--json', '--workspace', folder, 'status']);
    const after = await runCli(['status', '--workspace', folder, '--json']);
    expect(JSON.parse(before.out)).toEqual(JSON.parse(after.out));
    expect(JSON.parse(before.out)).toMatchObject({
      workspace: folder,
      state: 'missing',
      locked: true,
      name: null,
      engine: null,
    });
  });

  it('finds the workspace by the option, the environment, the folders above, the default', async () => {
    mkdirSync(path.join(folder, 'inner', 'deep'), { recursive: true });
    writeFileSync(path.join(folder, 'inner', 'vault.json'), '{}');
    const workspaceOf = async (
      given: string[],
      environment: Record<string, string>,
      from: string,
    ): Promise<string> =>
      (
        JSON.parse((await runCli(['status', '--json', ...given], { environment, folder: from })).out) as {
          workspace: string;
        }
      ).workspace;
    const deep = path.join(folder, 'inner', 'deep');
    expect(await workspaceOf(['--workspace', '../x'], { FALAJ_WORKSPACE: '/y' }, deep)).toBe(
      path.join(folder, 'inner', 'x'),
    );
    expect(await workspaceOf([], { FALAJ_WORKSPACE: '/y' }, deep)).toBe('/y');
    expect(await workspaceOf([], {}, deep)).toBe(path.join(folder, 'inner'));
    expect(await workspaceOf([], { FALAJ_DATA: folder }, folder)).toBe(path.join(folder, 'workspace'));
  });

  it('shows no stack unless debugging', async () => {
    const plain = await runCli(['sign', folder, '--key', '/no/key.pem']);
    expect(plain.code).toBe(5);
    expect(plain.err).not.toMatch(/^\s+at /m);
    const debug = await runCli(['sign', folder, '--key', '/no/key.pem', '--debug']);
    expect(debug.err).toMatch(/^\s+at /m);
  });
});

describe('falaj sign and verify', () => {
  it('accept a folder as it was signed, and find a changed, added or linked file', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const model = path.join(folder, 'model');
    mkdirSync(path.join(model, 'part'), { recursive: true });
    writeFileSync(path.join(model, 'model.onnx'), 'weights');
    writeFileSync(path.join(model, 'part', 'a.bin'), 'more');
    writeFileSync(path.join(folder, 'key.pem'), privateKey);
    writeFileSync(path.join(folder, 'public.pem'), publicKey);
    const signature = path.join(folder, 'model.sig');
    const check = () =>
      runCli(['verify', model, signature, '--public-key', path.join(folder, 'public.pem'), '--json']);

    const signed = await runCli([
      'sign',
      model,
      '--key',
      path.join(folder, 'key.pem'),
      '--out',
      signature,
      '--json',
    ]);
    expect(JSON.parse(signed.out)).toMatchObject({
      files: 2,
      signature,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await check()).toMatchObject({ code: 0, err: '' });

    writeFileSync(path.join(model, 'model.onnx'), 'other weights');
    const changed = await check();
    expect(changed.code).toBe(3);
    expect(JSON.parse(changed.out)).toMatchObject({
      verified: false,
      files: [
        { path: 'model.onnx', status: 'changed' },
        { path: 'part/a.bin', status: 'ok' },
      ],
    });

    writeFileSync(path.join(model, 'model.onnx'), 'weights');
    writeFileSync(path.join(model, 'extra'), 'x');
    expect((await check()).code).toBe(3);
    rmSync(path.join(model, 'extra'));
    symlinkSync('/etc/hostname', path.join(model, 'extra'));
    expect((await check()).code).toBe(1);
  });

  it('say what is wrong with a key', async () => {
    writeFileSync(path.join(folder, 'key.pem'), 'not a key');
    writeFileSync(path.join(folder, 'a'), 'x');
    const result = await runCli(['sign', folder, '--key', path.join(folder, 'key.pem'), '--json']);
    expect(result.code).toBe(2);
    expect(JSON.parse(result.err)).toMatchObject({
      error: { code: 'BAD_INPUT', hint: expect.stringContaining('openssl') },
    });
  });
});

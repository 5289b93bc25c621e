import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSPHRASE, Product, until } from '../../faults/engine-support/product.ts';
import { CLI } from '../../faults/engine-support/programs.ts';
import { installPython, type Ran, runScript } from './python.ts';

const python = installPython();
if (typeof python !== 'string') {
  process.stderr.write(
    `\nSKIPPED: tables of pandas, Polars and PyArrow were not exchanged (${python.missing})\n\n`,
  );
}

const GUIDE = readFileSync(path.resolve(import.meta.dirname, '../../../docs/guide/python.md'), 'utf8');
const ROUND_TRIP = readFileSync(path.join(import.meta.dirname, 'round_trip.py'), 'utf8');

describe.skipIf(typeof python !== 'string')('tables of Python', () => {
  let product: Product;
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const run = (program: readonly string[], script: string): Promise<Ran> =>
    runScript(program, script, { cwd: folder, env: environment });

  beforeAll(async () => {
    product = new Product();
    folder = path.join(product.root, 'work');
    const bin = path.join(product.root, 'bin');
    for (const each of [folder, bin]) mkdirSync(each);
    writeFileSync(path.join(bin, 'falaj'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" --quiet "$@"\n`, {
      mode: 0o755,
    });
    await product.succeed(['init', '--name', 'Tables', '--quiet']);
    let said = '';
    const { child } = product.start(['ui', '--port', '0', '--json']);
    child.stdout!.on('data', (text: string) => (said += text));
    await until(() => said.trimEnd().endsWith('}'));
    const { url, token } = JSON.parse(said) as { url: string; token: string };
    environment = {
      ...product.environment,
      PATH: `${bin}:${python as string}:${process.env['PATH']}`,
      FALAJ_PASSPHRASE: PASSPHRASE,
      FALAJ_URL: url,
      FALAJ_TOKEN: token,
    };
  }, 120_000);
  afterAll(() => product.close());

  it('keep every value through files of each writer, and through HTTP', async () => {
    const result = await run(['python', '-'], ROUND_TRIP);
    expect(result.output).toMatch(/^compared \d+ columns in 13 files$/m);
    expect(result.code).toBe(0);
  }, 300_000);

  it('go in and out as the guide says', async () => {
    const blocks = [...GUIDE.matchAll(/^```(python|sh)\n([\s\S]*?)^```$/gm)];
    expect(blocks.length).toBeGreaterThan(7);
    for (const [, language, text] of blocks) {
      const result = await run(language === 'sh' ? ['sh', '-e'] : ['python', '-'], text!);
      expect(result, text).toMatchObject({ code: 0 });
    }
  }, 300_000);

  it('that are no Arrow are refused as bad input, and the engine goes on', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(`${environment['FALAJ_URL']}/api/features/historical?features=none:x`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${environment['FALAJ_TOKEN']}`,
          'content-type': 'application/vnd.apache.arrow.stream',
        },
        body,
      });
    for (const body of [
      '',
      'not Arrow at all',
      'not Arrow at all'.repeat(2_000_000),
      '\u00ff\u00ff\u00ff\u00ff\u0010\0\0\0',
    ]) {
      const answer = await post(body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
  });
});

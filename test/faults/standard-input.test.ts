import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, Product, until } from './engine-support/product.ts';

const CSV = `at,shop,price\n${Array.from({ length: 300_000 }, (_, row) => `2026-01-01T00:00:00Z,shop ${row % 9},${row}`).join('\n')}\n`;
const IMPORT = ['data', 'import', '-', '--name', 'sales', '--json'];

let product: Product;
beforeAll(async () => {
  product = new Product();
  await product.succeed(['init', '--name', 'Piped']);
});
afterAll(() => product.close());

const blobs = (): number => filesBelow(path.join(product.workspace, 'blobs')).length;

describe('falaj data import -', () => {
  it('reads more than one piece, whether an engine runs or not', async () => {
    const alone = await product.runPiped(IMPORT, CSV);
    expect(alone).toMatchObject({ code: 0 });
    expect(JSON.parse(alone.out)).toMatchObject({ rows: 300_000, source: 'standard input' });
    const engine = await product.openEngine();
    const attached = await product.runPiped(IMPORT, CSV);
    expect(JSON.parse(attached.out)).toMatchObject({ alreadyImported: true });
    await engine.close();
    await product.killEngine(engine.pid);
    expect(blobs()).toBe(1);
  }, 120_000);

  it('says what is wrong with what came, and keeps nothing of it', async () => {
    const empty = await product.runPiped(IMPORT, '');
    expect(empty).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(empty.err)).toMatchObject({ error: { code: 'NO_ROWS' } });
    const ragged = await product.runPiped(IMPORT, 'a,b\n1,2\n1,2,3\n');
    expect(JSON.parse(ragged.err)).toMatchObject({ error: { code: 'MALFORMED_FILE' } });
    const both = await product.runPiped(['data', 'import', '-', 'more.csv', '--name', 'sales'], 'a\n1\n');
    expect(both.code).toBe(2);
    expect(blobs()).toBe(1);
  }, 120_000);

  it('keeps nothing of what is stopped while it arrives', async () => {
    const { child, ended } = product.start(IMPORT, [], { piped: true });
    child.stdin!.on('error', () => undefined);
    child.stdin!.write(CSV);
    await until(() => blobs() > 1);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(blobs()).toBe(1);
  }, 120_000);
});

import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, Product, until } from './engine-support/product.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Values that occur nowhere but in the planted file, new in each run. */
const latin = `canary-${randomBytes(8).toString('hex')}`;
const arabic = `كناري ${Array.from({ length: 12 }, () => String.fromCodePoint(0x0628 + randomInt(18))).join('')}`;
const column = `canary_column_${randomBytes(6).toString('hex')}`;
const malformed = `canary-in-an-error-${randomBytes(8).toString('hex')}`;
const number = 1e6 + randomInt(2 ** 40) / 2 ** 20 + 2 ** -30;

const numberBytes = Buffer.alloc(8);
numberBytes.writeDoubleLE(number);
const needles: Readonly<Record<string, Buffer>> = {
  ...Object.fromEntries(
    Object.entries({ latin, arabic, column, malformed, number: String(number) }).flatMap(([name, text]) => [
      [`${name}, UTF-8`, Buffer.from(text)],
      [`${name}, UTF-16`, Buffer.from(text, 'utf16le')],
    ]),
  ),
  'number, as eight bytes': numberBytes,
};

/** Which needles a file holds, read in blocks that overlap by the longest needle. */
function foundIn(file: string): string[] {
  const overlap = Math.max(...Object.values(needles).map((needle) => needle.length)) - 1;
  const block = Buffer.alloc(BLOCK_BYTES + overlap);
  const found = new Set<string>();
  const handle = openSync(file, 'r');
  try {
    let kept = 0;
    for (;;) {
      const read = readSync(handle, block, kept, BLOCK_BYTES, null);
      if (read === 0) return [...found];
      const bytes = block.subarray(0, kept + read);
      for (const [name, needle] of Object.entries(needles)) if (bytes.includes(needle)) found.add(name);
      kept = Math.min(overlap, bytes.length);
      bytes.copy(block, 0, bytes.length - kept);
    }
  } finally {
    closeSync(handle);
  }
}

let product: Product;
let startedMs: number;
beforeAll(() => {
  product = new Product();
  startedMs = Date.now();
});
afterAll(() => product.close());

const explicit = (): string[] =>
  ['source.csv', 'broken.csv', 'scores.csv', 'pushed.ndjson'].map((name) => path.join(product.root, name));

/** What the machine's own temporary folder got since the start: isolated children are not told of ours. */
function newInTemporaryFolder(): string[] {
  return readdirSync(os.tmpdir())
    .map((name) => path.join(os.tmpdir(), name))
    .filter((entry) => entry !== product.root && isNew(entry))
    .flatMap((entry) => {
      try {
        if (statSync(entry).isFile()) return [entry];
        return path.basename(entry).startsWith('falaj') ? filesBelow(entry) : [];
      } catch {
        return []; // another program's, and gone again
      }
    });
}

/** Other programs' files come and go. */
function foundWhileThere(file: string): string[] {
  try {
    return foundIn(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function isNew(entry: string): boolean {
  try {
    return statSync(entry).ctimeMs >= startedMs;
  } catch {
    return false; // gone again
  }
}

/** Every file that the product may have written, with the planted values that it shows. */
function leaks(): Record<string, string[]> {
  const own = filesBelow(product.root).filter((file) => !explicit().includes(file));
  const found = [
    ...own.map((file) => [file, foundIn(file)] as const),
    ...newInTemporaryFolder().map((file) => [file, foundWhileThere(file)] as const),
  ];
  return Object.fromEntries(found.filter(([, names]) => names.length > 0));
}

const DEFINITIONS = `
kind: Entity
name: person
keys: [{name: name, type: string}]
---
kind: FeatureView
name: visits
entities: [person]
source: {dataset: people, eventTime: seen}
features:
  - {name: mean_7d, aggregate: {fn: mean, of: ${column}, window: 7d}}
---
kind: FeatureView
name: notes
entities: [person]
source: {push: true}
features:
  - {name: note, type: string}
  - {name: ${column}}
---
kind: FeatureService
name: visits_v1
features: ["visits:*"]
---
kind: Training
name: canary-model
service: visits_v1
entities: {dataset: people, eventTime: seen}
columns: [name, ${column}]
label: {column: late, expression: "delay > 0"}
task: binary
learner: {kind: gbdt, trees: 10}
register: {model: canary-model}
`;

function plant(rows: number): void {
  const lines = [`seen,name,${column},delay`];
  for (let row = 0; row < rows; row++) {
    const seen = new Date(1_700_000_000_000 + row * 600_000).toISOString();
    const name = row % 3 === 0 ? latin : row % 3 === 1 ? arabic : `person ${row % 7}`;
    lines.push(`${seen},${name},${row % 5 === 0 ? number : row % 11},${((row * 7) % 13) - 6}`);
  }
  writeFileSync(path.join(product.root, 'source.csv'), `${lines.join('\n')}\n`);
  const note = { name: latin, event_time: '2026-01-01T00:00:00Z', note: arabic, [column]: number };
  writeFileSync(path.join(product.root, 'pushed.ndjson'), `${JSON.stringify(note)}\n`);
  const broken = ['when,value', ...Array.from({ length: 5000 }, (_, row) => `2024-01-01,${row}`)];
  writeFileSync(
    path.join(product.root, 'broken.csv'),
    `${broken.join('\n')}\n2024-01-02,${malformed},too,many\n`,
  );
}

describe('a value planted in the data', () => {
  it('is found where it was put, so that the search can find it at all', () => {
    plant(4000);
    expect(foundIn(explicit()[0]!).sort()).toEqual(
      ['latin, UTF-8', 'arabic, UTF-8', 'column, UTF-8', 'number, UTF-8'].sort(),
    );
    const control = path.join(product.root, 'control');
    writeFileSync(
      control,
      Buffer.concat([Buffer.alloc(BLOCK_BYTES - 3), Buffer.from(arabic, 'utf16le'), numberBytes]),
    );
    expect(foundIn(control)).toEqual(['arabic, UTF-16', 'number, as eight bytes']);
    expect(Object.values(leaks())).toHaveLength(1);
    writeFileSync(control, '');
  });

  it('is nowhere in the clear after an import, a training and a prediction, open or locked', async () => {
    plant(4000);
    await product.succeed(['init', '--name', 'Canary']);
    const engine = await product.openEngine();
    await product.succeed(['data', 'import', 'source.csv', '--name', 'people', '--event-time', 'seen']);
    await product.succeed(['data', 'profile', 'people']);
    const refused = await product.run(['data', 'import', 'broken.csv', '--name', 'broken']);
    expect(refused.code).toBe(1);
    const logged = await Promise.all(
      (await engine.client.jobs.list({ limit: 10 })).map(({ id }) =>
        engine.client.jobs.logs({ id, after: 0, limit: 100 }),
      ),
    );
    expect(JSON.stringify(logged)).toContain('MALFORMED_FILE');
    const piped = readFileSync(explicit()[0]!);
    expect(await product.runPiped(['data', 'import', '-', '--name', 'piped'], piped)).toMatchObject({
      code: 0,
    });
    await engine.client.features.apply({
      documents: [{ file: 'falaj.yaml', text: DEFINITIONS }],
      prune: false,
    });
    await product.succeed(['train', 'canary-model', '--wait']);
    await product.succeed(['features', 'materialize', 'visits']);
    await product.succeed(['features', 'push', 'notes', 'pushed.ndjson']);
    const keys = JSON.stringify([{ name: latin }]);
    const online = await product.succeed([
      'features',
      'online',
      '--features',
      'visits:*,notes:*',
      '--keys',
      keys,
      '--json',
    ]);
    expect(online).toContain(arabic);
    expect(online).toContain(String(number));
    await product.succeed(['predict', 'canary-model', '--in', 'source.csv', '--out', 'scores.csv']);
    expect(foundIn(explicit()[2]!)).toContain('arabic, UTF-8');
    expect(statSync(path.join(product.workspace, 'store.db-wal')).size).toBeGreaterThan(0);
    expect(leaks()).toEqual({});
    await product.succeed(['lock']);
    expect(leaks()).toEqual({});
    await engine.close();
    await product.killEngine(engine.pid);
  }, 120_000);

  it('is nowhere in the clear when the process is killed in the midst of an import', async () => {
    plant(400_000);
    const files = () => filesBelow(path.join(product.workspace, 'blobs')).length;
    const before = files();
    const { child, ended } = product.start([
      'data',
      'import',
      'source.csv',
      '--name',
      'more',
      '--event-time',
      'seen',
    ]);
    await until(() => files() > before);
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    expect(leaks()).toEqual({});
    expect(readFileSync(path.join(product.workspace, 'store.db')).length).toBeGreaterThan(0);
  });

  it('is nowhere in the clear when the process is killed while it reads standard input', async () => {
    const before = filesBelow(path.join(product.workspace, 'blobs'));
    const { child, ended } = product.start(['data', 'import', '-', '--name', 'more'], [], { piped: true });
    child.stdin!.on('error', () => undefined);
    // Without an end: what has arrived is on disk, waiting for the rest.
    child.stdin!.write(readFileSync(explicit()[0]!));
    const begun = () =>
      filesBelow(path.join(product.workspace, 'blobs')).filter((file) => !before.includes(file));
    await until(() => begun().some((file) => statSync(file).size > 1_000_000));
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    expect(leaks()).toEqual({});
  });
});

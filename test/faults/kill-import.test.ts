import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineClient, Job, ModelVerification } from '../../src/shared/contract/types.ts';
import { filesBelow, isAlive, Product, until } from './engine-support/product.ts';

const ROWS = 300_000;

let product: Product;
beforeEach(() => {
  product = new Product();
});
afterEach(() => product.close());

const csv = (): string => path.join(product.root, 'flights.csv');
const blobFiles = (): string[] =>
  readdirSync(product.workspace).includes('blobs') ? filesBelow(path.join(product.workspace, 'blobs')) : [];

function writeFlights(rows: number): void {
  const lines = ['date,airport,delay'];
  for (let row = 0; row < rows; row++) {
    const at = new Date(1_700_000_000_000 + row * 60_000).toISOString();
    lines.push(`${at},A${row % 40},${60 * Math.abs(Math.sin(row)) + (row % 40)}`);
  }
  writeFileSync(csv(), `${lines.join('\n')}\n`);
}

const importFlights = (client: EngineClient) =>
  client.data.import({
    name: 'flights',
    files: [csv()],
    eventTime: 'date',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => Number.isInteger(other) && parentOf(other) === pid);

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null; // ended meanwhile
  }
}

/** Bytes of the blob that is being written. */
const bytesBegun = (): number =>
  blobFiles().reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);

const isUnderItsName = (file: string): boolean =>
  path.dirname(file) !== path.join(product.workspace, 'blobs');

async function ended(client: EngineClient, id: string): Promise<Job> {
  let job = await client.jobs.get({ id });
  await until(async () => {
    job = await client.jobs.get({ id });
    return job.endedAt !== null;
  });
  return job;
}

async function verified(client: EngineClient, reference: string): Promise<boolean> {
  const { result } = await ended(client, (await client.models.verify({ reference })).job);
  return (result as ModelVerification).verified;
}

/** When the engine is killed: as soon as this holds. */
const moments: Readonly<Record<string, (pid: number) => boolean>> = {
  'as soon as the job is a row': () => true,
  'when the file’s reader has started': (pid) => childrenOf(pid).length > 0,
  'when the first encrypted bytes lie on the disk': () => bytesBegun() > 0,
  'in the midst of the encrypted bytes': () => bytesBegun() > 1_100_000,
};

describe('kill -9 of the engine in an import', () => {
  it.each(Object.keys(moments))('leaves a clean workspace: %s', async (name) => {
    writeFlights(ROWS);
    const engine = await product.openEngine();
    const { job } = await importFlights(engine.client);
    await until(() => moments[name]!(engine.pid));
    const readers = childrenOf(engine.pid);
    await product.killEngine(engine.pid);
    await until(() => readers.every((pid) => !isAlive(pid)), 5_000);

    const { client, close } = await product.openHere();
    expect(await client.jobs.get({ id: job })).toMatchObject({ state: 'interrupted' });
    expect(await client.data.list()).toEqual([]);
    expect(blobFiles()).toEqual([]);
    expect(await client.workspace.storage()).toMatchObject({ blobs: 0 });
    expect(await client.audit.verify()).toMatchObject({ intact: true });

    await client.jobs.retry({ id: job });
    expect(await ended(client, job)).toMatchObject({ state: 'succeeded', attempt: 2, error: null });
    expect(await client.data.list()).toMatchObject([{ name: 'flights', version: 1, rows: ROWS }]);
    expect(blobFiles()).toHaveLength((await client.workspace.storage()).blobs);
    await close();
  });

  it('leaves all of the dataset or nothing of it when its last bytes had just been renamed', async () => {
    writeFlights(ROWS);
    const engine = await product.openEngine();
    const { job } = await importFlights(engine.client);
    await until(() => blobFiles().some(isUnderItsName));
    await product.killEngine(engine.pid);

    const { client, close } = await product.openHere();
    const datasets = await client.data.list();
    expect(blobFiles()).toHaveLength(datasets.length);
    expect(await client.audit.verify()).toMatchObject({ intact: true });
    const { state } = await client.jobs.get({ id: job });
    expect(['interrupted', 'succeeded']).toContain(state);
    if (state === 'succeeded' || datasets.length === 1) {
      expect(datasets).toMatchObject([{ name: 'flights', version: 1, rows: ROWS }]);
      expect(await client.data.preview({ name: 'flights', offset: ROWS - 1, limit: 5 })).toMatchObject({
        totalRows: ROWS,
        rows: [expect.anything()],
      });
    }
    await close();
  });
});

describe('kill -9 of the engine in a training', () => {
  it.each(['fit', 'export'])(
    'during its step "%s" leaves no half model, and can be run again',
    async (step) => {
      writeFlights(20_000);
      const engine = await product.openEngine();
      await ended(engine.client, (await importFlights(engine.client)).job);
      await engine.client.features.apply({ documents: [TRAINING], prune: false });
      const live = await engine.client.live.follow({ topics: [{ topic: 'jobs' }] });
      const { job } = await engine.client.training.start({ name: 'lateness' });
      for await (const event of live) {
        if (event.topic !== 'jobs' || event.job.id !== job) continue;
        expect(event.job.error).toBeNull();
        expect(event.job.state).not.toBe('succeeded');
        if (event.job.progress?.step === step) break;
      }
      await product.killEngine(engine.pid);

      const { client, close } = await product.openHere();
      expect(await client.jobs.get({ id: job })).toMatchObject({ state: 'interrupted' });
      expect(await client.runs.list({ limit: 10 })).toMatchObject([{ status: 'failed' }]);
      expect(blobFiles()).toHaveLength((await client.workspace.storage()).blobs);
      expect(await client.audit.verify()).toMatchObject({ intact: true });
      const left = await client.models.list();
      if (step === 'fit') expect(left).toEqual([]);
      for (const { name } of left) expect(await verified(client, name)).toBe(true);

      await client.jobs.retry({ id: job });
      expect(await ended(client, job)).toMatchObject({ state: 'succeeded', error: null });
      expect(await verified(client, 'lateness')).toBe(true);
      expect((await client.runs.list({ limit: 10 })).map(({ status }) => status).sort()).toEqual([
        'failed',
        'finished',
      ]);
      await close();
    },
  );
});

const TRAINING = {
  file: 'falaj.yaml',
  text: `
kind: Training
name: lateness
entities: {dataset: flights, eventTime: date}
columns: [airport]
expressions:
  - {name: hour, expression: "date_part('hour', date)"}
label: {column: late, expression: "delay > 40"}
task: binary
learner: {kind: gbdt, trees: 100, leaves: 31}
register: {model: lateness}
`,
};

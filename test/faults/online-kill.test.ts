import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFINITIONS, NOW_MS, openOnline, PUSH_ROWS, THINGS } from './online-sample.ts';

const ENTITIES = 30_000;
const CANARY = 'CANARY-77ab31';

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-online-kill-'));
  const file = path.join(folder, 'facts.csv');
  const lines = ['thing,at,value'];
  for (let row = 0; row < 2 * ENTITIES; row++)
    lines.push(`${row % ENTITIES},${new Date(NOW_MS - row * 500).toISOString()},${row}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const rooms = openOnline(folder);
  const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
  await rooms.data.import(context, {
    name: 'facts',
    files: [file],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
  });
  rooms.features.apply({ documents: [{ file: 'falaj.yaml', text: DEFINITIONS }], prune: false });
  rooms.close();
  rmSync(file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the work and kills it some time after it has said a line that starts so. Gives all that it said. */
function runAndKill(work: 'materialize' | 'push', line: string, delayMs: number): Promise<string> {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('./online-child.ts', import.meta.url)),
    folder,
    work,
  ]);
  return new Promise((resolve) => {
    let said = '';
    let killing = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (killing || !said.split('\n').some((one) => one.startsWith(line))) return;
      killing = true;
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.once('close', () => resolve(said));
  });
}

const work = { signal: new AbortController().signal, progress: () => undefined };

type Rooms = ReturnType<typeof openOnline>;

/** Every online row of a view, by its key. */
const onlineRows = ({ store }: Rooms, view: string): [string, string][] =>
  store
    .statement<{ key: Buffer; record: Buffer }>(
      'SELECT key, record FROM online_row WHERE set_id = (SELECT id FROM online_set WHERE view = ? AND live = 1) ORDER BY key',
    )
    .all(view)
    .map(({ key, record }) => [key.toString('hex'), record.toString('hex')]);

/** The same rows, made in one go from the history. */
async function madeAnew(rooms: Rooms, view: string): Promise<[string, string][]> {
  rooms.store.statement('DELETE FROM online_set WHERE view = ?').run(view);
  await rooms.online.materialize(work, { view });
  return onlineRows(rooms, view);
}

describe.skipIf(process.platform === 'win32')('filling the online store', () => {
  it.each([
    ['before anything is written', 'start', 0],
    ['after the first entities', 'wrote 4000', 0],
    ['in between', 'wrote 16000', 3],
    ['when the last ones are written', `wrote ${ENTITIES}`, 0],
    ['while it becomes the one that is read', `wrote ${ENTITIES}`, 4],
  ])(
    'killed %s shows nothing half-done and goes on',
    async (_when, line, delayMs) => {
      const said = await runAndKill('materialize', line, delayMs);
      const rooms = openOnline(folder);
      const entries = () => rooms.audit.list({ action: 'features.materialize' }).entries.length;
      const state = rooms.online.state({ name: 'facts' });
      // What can be read is whole and recorded, or is not there.
      expect(state.status).toBe(entries() === 1 ? 'ready' : 'empty');
      expect(state.entities).toBe(entries() * ENTITIES);
      if (said.includes('kept')) expect(state.status).toBe('ready');
      const begun = rooms.store
        .statement<{ id: number }>('SELECT id FROM online_set WHERE view = ?')
        .get('facts')?.id;
      await rooms.online.materialize(work, { view: 'facts' });
      expect(rooms.online.state({ name: 'facts' })).toMatchObject({
        status: 'ready',
        entities: ENTITIES,
        rows: 2 * ENTITIES,
      });
      expect(entries()).toBe(1);
      const goneOn = rooms.store
        .statement<{ id: number }>('SELECT id FROM online_set WHERE view = ? AND live = 1')
        .get('facts')?.id;
      expect(goneOn).toBe(begun ?? goneOn);
      const rows = onlineRows(rooms, 'facts');
      expect(rows).toHaveLength(ENTITIES);
      expect(rows).toEqual(await madeAnew(rooms, 'facts'));
      rooms.close();
    },
    60_000,
  );
});

describe.skipIf(process.platform === 'win32')('pushing rows', () => {
  it.each([
    ['at the first batch', 'start', 20],
    ['after some batches', 'pushed 7', 1],
    ['later', 'pushed 30', 2],
  ])(
    'killed %s has whole batches only, in history and online alike',
    async (_when, line, delayMs) => {
      await runAndKill('push', line, delayMs);
      await runAndKill('push', 'pushed', 1);
      const rooms = openOnline(folder);
      const rows = rooms.log.rows('pushed');
      expect(rows % PUSH_ROWS).toBe(0);
      expect(rows).toBeGreaterThan(0);
      expect(rooms.audit.list({ action: 'features.push', limit: 1000 }).entries).toHaveLength(
        rows / PUSH_ROWS,
      );
      const { columns } = await rooms.features.sample({ name: 'pushed', limit: 1 });
      expect(columns.map(({ name }) => name)).toContain('pushed__note');
      expect(rooms.online.state({ name: 'pushed' })).toMatchObject({
        rows,
        entities: THINGS,
        waitingRows: 0,
      });
      const pushed = onlineRows(rooms, 'pushed');
      expect(pushed).toEqual(await madeAnew(rooms, 'pushed'));
      rooms.close();
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!name.includes('store.db')) continue;
        expect(readFileSync(path.join(folder, name)).includes(CANARY), name).toBe(false);
      }
    },
    60_000,
  );
});

// Fills a small disk with blobs and rows and prints, as JSON, what became of them.
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { takeWorkspaceLock } from '../../src/core/workspace/workspace-lock.ts';
import { toFalajError } from '../../src/shared/errors.ts';
import { addNote, notesOf, openSample } from './sample-workspace.ts';

const folder = process.argv[2]!;
const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'done';
  } catch (error) {
    return toFalajError(error).code;
  }
};

const sample = openSample(folder);
addNote(sample, 'before');
const blob = await codeOf(() => sample.blobs.write(randomBytes(32 * 2 ** 20)));
const filesAfterBlob = readdirSync(path.join(folder, 'blobs'), { recursive: true }).filter((name) =>
  /tmp|[0-9a-f]{62}/.test(String(name)),
);
const row = await codeOf(() => addNote(sample, randomBytes(16 * 2 ** 20).toString('hex')));
const notes = notesOf(sample);
const entries = sample.audit.head().size;
const small = await codeOf(() => addNote(sample, 'after'));
const intact = sample.audit.verify().intact;
sample.store.check();
const fill = path.join(folder, 'fill');
const descriptor = openSync(fill, 'w');
for (const block = randomBytes(512); (await codeOf(() => writeSync(descriptor, block))) === 'done'; );
closeSync(descriptor);
const lock = await codeOf(() => takeWorkspaceLock(folder));
const locks = readdirSync(folder).filter((name) => name.includes('falaj.lock'));
rmSync(fill);
sample.close();
const again = openSample(folder);
process.stdout.write(
  JSON.stringify({
    blob,
    filesAfterBlob,
    row,
    notes,
    entries,
    small,
    intact,
    lock,
    locks,
    reopened: notesOf(again),
  }),
);
again.close();

// Records notes until the disk fails to sync, tries to go on, then closes the store. A fault test makes the sync fail.
import { readdirSync, readlinkSync } from 'node:fs';
import { toFalajError } from '../../src/shared/errors.ts';
import { addNote, openSample } from './sample-workspace.ts';

const sample = openSample(process.argv[2]!);
const outcomes: string[] = [];
for (let i = 0; i < 6; i++) {
  try {
    addNote(sample, `note ${i}`);
    outcomes.push('done');
  } catch (error) {
    outcomes.push(toFalajError(error).code);
  }
}
sample.close();
const stillOpen = readdirSync('/proc/self/fd').filter((descriptor) =>
  targetOf(descriptor).includes('store.db'),
);
process.stdout.write(JSON.stringify({ outcomes, stillOpen }));

function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return ''; // the one that listed the folder is gone
  }
}

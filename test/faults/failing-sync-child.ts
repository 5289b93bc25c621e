// Records notes until the disk fails to sync, then tries to go on. A fault test makes the sync fail.
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
process.stdout.write(JSON.stringify(outcomes));

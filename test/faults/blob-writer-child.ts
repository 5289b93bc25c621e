// Keeps blobs until it is killed, and says which ones were reported as kept.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openSample } from './sample-workspace.ts';

const { store, blobs } = openSample(process.argv[2]!);
for (let index = 0; ; index++) {
  const staged = await blobs.write(randomBytes(100_000 + ((index * 700_001) % 3_000_000)));
  store.transaction(() => blobs.adopt(staged, `owner ${index}`));
  writeSync(1, `${staged.id} ${staged.sha256}\n`);
}

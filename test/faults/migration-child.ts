// Opens a sample store with a later schema. A fault test kills it at one of its writes.
import { openSample } from './sample-workspace.ts';

const [folder, ...steps] = process.argv.slice(2);
openSample(folder!, { room: 'notes', steps }).close();

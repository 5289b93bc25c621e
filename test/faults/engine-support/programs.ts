import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
/** `npm test` builds first, and then says so: what is installed is tested, and it starts in half the time. */
const isBuilt = process.env['FALAJ_TEST_BUILT'] === '1';

/** The command line's program, for Node to run. */
export const CLI = path.join(root, isBuilt ? 'dist/node/cli.mjs' : 'src/main/cli/main.ts');
/** The engine's. */
export const ENGINE = path.join(root, isBuilt ? 'dist/node/engine.mjs' : 'src/main/engine/main.ts');
/** The command as it is installed, which looks for a Node that can run it. */
export const INSTALLED_CLI = path.join(root, 'bin/falaj.mjs');

// Makes a fresh clone runnable: packages installed, product built. Does nothing when both are up to date.
import { isStale } from './lib/staleness.mjs';
import { ensureInstalled, fail, requireNode, run } from './lib/toolchain.mjs';

export function ensureReady() {
  requireNode();
  ensureInstalled();
  if (isStale('dist/.built', ['src', 'resources', 'scripts/build.mjs', 'package.json'])) {
    process.stderr.write('Building…\n');
    const result = run(['scripts/build.mjs']);
    if (result.status !== 0) fail('The build failed; see above.');
  }
}

import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './toolchain.mjs';

function newestChangeMs(entry) {
  const stat = fs.statSync(entry, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  let newest = 0;
  for (const name of fs.readdirSync(entry)) {
    if (name.endsWith('.generated.ts')) continue;
    newest = Math.max(newest, newestChangeMs(path.join(entry, name)));
  }
  return newest;
}

/** True when a source is newer than the stamp that a build leaves behind. */
export function isStale(stamp, sources) {
  const builtAt = fs.statSync(path.join(projectRoot, stamp), { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return true;
  return sources.some((source) => newestChangeMs(path.join(projectRoot, source)) > builtAt);
}

export function touch(stamp) {
  fs.mkdirSync(path.dirname(path.join(projectRoot, stamp)), { recursive: true });
  fs.writeFileSync(path.join(projectRoot, stamp), '');
}

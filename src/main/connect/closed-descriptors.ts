import { readdirSync } from 'node:fs';

/** Chromium's threads go on opening descriptors until the fork; up to so many above the highest listed one are covered too. */
const OPENED_MEANWHILE = 256;

/**
 * The `stdio` of a child that must inherit nothing but its log. Chromium does not mark its descriptors close-on-exec, so a
 * program started from the desktop shell would hold the shell's sockets, pipes and shared memory for as long as it lives: the
 * window's processes would miss the shell's end, and so would whoever waits for its output. Each open descriptor is therefore
 * covered with one to /dev/null, and so are the numbers that a descriptor opened after this list was made would get. On macOS
 * (`POSIX_SPAWN_CLOEXEC_DEFAULT` in libuv) and on Windows nothing is inherited that is not named.
 */
export function stdioOfDetachedChild(
  log: number,
  nullDevice: number,
  platform: NodeJS.Platform = process.platform,
): ('ignore' | number)[] {
  const stdio: ('ignore' | number)[] = ['ignore', log, log];
  if (platform !== 'linux') return stdio;
  const highest = Math.max(...readdirSync('/dev/fd').map(Number).filter(Number.isInteger));
  while (stdio.length <= highest + OPENED_MEANWHILE) stdio.push(nullDevice);
  return stdio;
}

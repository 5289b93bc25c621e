import v8 from 'node:v8';
import vm from 'node:vm';

/** By then whoever started this process has its first answers. */
const AFTER_START_MS = 2000;

/**
 * Gives back, once, what only the start needed: V8 collects when memory is short, and in an idle process it never is.
 * Measured: 9 MB of the 88 of an engine, 5 of the shell. The collection takes some tens of milliseconds.
 */
export function releaseMemoryAfterStart(): void {
  setTimeout(() => {
    v8.setFlagsFromString('--expose-gc');
    const collect: unknown = vm.runInNewContext('gc');
    if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    v8.setFlagsFromString('--no-expose-gc');
  }, AFTER_START_MS).unref();
}

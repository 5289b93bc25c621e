import { collectGarbage } from '../core/memory/index.ts';

/** By then whoever started this process has its first answers. */
const AFTER_START_MS = 2000;

/**
 * Gives back, once, what only the start needed: V8 collects when memory is short, and in an idle process it never is.
 * Measured: 9 MB of the 88 of an engine, 5 of the shell.
 */
export function releaseMemoryAfterStart(): void {
  setTimeout(collectGarbage, AFTER_START_MS).unref();
}

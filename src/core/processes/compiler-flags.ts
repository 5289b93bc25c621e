import v8 from 'node:v8';

/**
 * What our programs ask of V8. Its middle compiler, Maglev, is left out: in V8 13.6 (Node 24) a function that leaves Maglev's
 * code between the begin of an object and its last number goes on with an object whose numbers are shared with others made
 * so, and the next one overwrites them. See docs/decisions/0010-no-maglev.md.
 */
export const COMPILER_FLAGS: readonly string[] = ['--no-maglev'];

/**
 * With Maglev's place empty, functions would stay with the baseline for as long as those that it has made fast already. Not
 * among the arguments of children: a Node that no longer knew one of them would not start.
 */
const EARLIER_TURBOFAN = ['--invocation-count-for-turbofan=400', '--minimum-invocations-after-ic-update=100'];

/** For a program that others start: called first, before anything is hot. Its threads follow. */
export function applyCompilerFlags(): void {
  for (const flag of [...COMPILER_FLAGS, ...EARLIER_TURBOFAN]) v8.setFlagsFromString(flag);
}

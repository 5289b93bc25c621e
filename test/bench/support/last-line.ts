import { spawnSync } from 'node:child_process';

/** Runs a program to its end; the last line that it writes is its answer. */
export function lastLineOf(program: string, args: readonly (string | number)[]): string {
  const result = spawnSync(program, args.map(String), { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`${program} ended with ${result.status}: ${result.stderr.slice(-2000)}`);
  return result.stdout.trim().split('\n').at(-1)!;
}

/**
 * The command that runs another one without core dumps, which would hold keys and data in the clear. The shell gives way to
 * the program, so the process number is the program's. Windows writes no dump unless its administrator has asked for it.
 */
export const withoutCoreDump = (
  platform: NodeJS.Platform,
  program: string,
  given: readonly string[],
): readonly [program: string, given: string[]] =>
  platform === 'win32'
    ? [program, [...given]]
    : ['/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', program, ...given]];

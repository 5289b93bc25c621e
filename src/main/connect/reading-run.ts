/** Set for the programs that `falaj run` starts. */
const RUN_VARIABLE = 'FALAJ_RUN_ID';

/** Names, on the engine's socket, the run whose program calls: what it reads is kept with that run. */
export const RUN_HEADER = 'falaj-run';

const RUN = /^[\w-]{1,64}$/;

/** The run that a program belongs to; undefined outside of one. */
export function readingRun(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const run = environment[RUN_VARIABLE];
  return run !== undefined && RUN.test(run) ? run : undefined;
}

/** The run that a request names; undefined where it names none. */
export function runOfHeader(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' && RUN.test(header) ? header : undefined;
}

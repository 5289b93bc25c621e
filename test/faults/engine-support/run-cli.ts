import { runProgram } from '../../../src/main/cli/run-program.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line, run in this process as `falaj` would run it. */
export async function runCli(
  given: readonly string[],
  options: {
    readonly environment?: Record<string, string | undefined>;
    readonly folder?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  const code = await runProgram({
    arguments: given,
    streams: { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } },
    environment: { ...options.environment },
    workingDirectory: options.folder ?? '/',
    signal: options.signal ?? new AbortController().signal,
    terminal: null,
  });
  return { code, out, err };
}

import { FalajError } from '../../shared/errors.ts';

export type LogWriter = (line: string) => void;

/**
 * One JSON object a line. Messages of unexpected errors are left out unless debugging, because they may quote a data value;
 * what stays (name, code, frames) finds the defect.
 */
export function createEngineLog(
  write: LogWriter,
  options: { readonly debug: boolean; readonly clock: () => number },
) {
  const line = (
    level: 'info' | 'error',
    event: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): void =>
    write(`${JSON.stringify({ at: new Date(options.clock()).toISOString(), level, event, ...fields })}\n`);
  return {
    info: (event: string, fields?: Readonly<Record<string, unknown>>): void => line('info', event, fields),
    unexpected: (error: unknown): void =>
      line('error', 'unexpected error', describeError(error, options.debug)),
  };
}

export type EngineLog = ReturnType<typeof createEngineLog>;

function describeError(error: unknown, debug: boolean): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((text) => /^\s+at /.test(text))
    .map((text) => text.trim());
  const code = error instanceof FalajError ? error.code : (error as NodeJS.ErrnoException).code;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(debug ? { message: error.message } : {}),
    frames,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause, debug) }),
  };
}

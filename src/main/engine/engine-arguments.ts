import path from 'node:path';
import { parseArgs } from 'node:util';
import { FalajError } from '../../shared/errors.ts';
import { DEFAULT_WEB_HOST, type WebDoorRequest, webDoorRequest } from './web-door-request.ts';

/** An engine that was started for a window ends soon after the last one has left. */
export const DEFAULT_IDLE_EXIT_MS = 15_000;

export interface EngineArguments {
  readonly workspace: string;
  /** The door to browsers; null keeps to the socket. */
  readonly web: WebDoorRequest | null;
  readonly idleExitMs: number;
}

/** `--workspace DIR [--port N] [--host H] [--insecure] [--idle-exit-ms N]`; 0 milliseconds means never. */
export function parseEngineArguments(given: readonly string[]): EngineArguments {
  const { values } = parse(given);
  if (values.workspace === undefined || values.workspace === '') {
    throw new FalajError('BAD_INPUT', 'The engine needs --workspace DIR.');
  }
  const idle = Number(values['idle-exit-ms'] ?? DEFAULT_IDLE_EXIT_MS);
  if (!Number.isInteger(idle) || idle < 0)
    throw new FalajError('BAD_INPUT', '--idle-exit-ms needs a whole number of milliseconds.');
  const web =
    values.port === undefined
      ? null
      : webDoorRequest.safeParse({
          host: values.host ?? DEFAULT_WEB_HOST,
          port: Number(values.port),
          insecure: values.insecure ?? false,
        });
  if (web !== null && !web.success)
    throw new FalajError('BAD_INPUT', `"${values.port}" is not a port.`, {
      hint: 'Give a number from 0 to 65535.',
    });
  return {
    workspace: path.resolve(values.workspace),
    web: web === null ? null : web.data,
    idleExitMs: idle === 0 ? Number.POSITIVE_INFINITY : idle,
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      strict: true,
      options: {
        workspace: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        insecure: { type: 'boolean' },
        'idle-exit-ms': { type: 'string' },
      },
    });
  } catch (error) {
    throw new FalajError('BAD_INPUT', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

import type { IncomingMessage } from 'node:http';
import { FalajError } from '../../shared/errors.ts';
import type { Reader } from '../router/index.ts';

/** What a program that `falaj run` started may ask of the contract with its run's token: rows, features, and the jobs that write them to files. */
const READS: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: 'GET', path: /^\/api\/data(?:\/[^/]+(?:\/(?:versions|rows|profile|profiles|definition))?)?$/ },
  { method: 'POST', path: /^\/api\/data\/[^/]+\/export$/ },
  { method: 'GET', path: /^\/api\/features\/(?:entities|views|services|training-sets)(?:\/.+)?$/ },
  { method: 'POST', path: /^\/api\/features\/(?:historical|online|views\/[^/]+\/as-of)$/ },
  { method: 'GET', path: /^\/api\/jobs\/[^/]+$/ },
];

export const isRunRead = (method: string | undefined, path: string): boolean =>
  READS.some((read) => read.method === method && read.path.test(path));

const CONTEXT_HEADER = 'falaj-context';
const CONTEXT = /^[\w.-]{1,64}$/;

/**
 * A run that reads, and what for: `Falaj-Context: training`, as MLflow's `log_input(context=…)` has it.
 *
 * @throws BAD_INPUT for a context that is no short word.
 */
export function readerOf({ headers }: Pick<IncomingMessage, 'headers'>, run: string): Reader {
  const given = headers[CONTEXT_HEADER];
  if (given === undefined) return { run, context: null };
  if (typeof given === 'string' && CONTEXT.test(given)) return { run, context: given };
  throw new FalajError(
    'BAD_INPUT',
    `${CONTEXT_HEADER}: a word of at most 64 letters, digits, dots or hyphens`,
    {
      hint: 'Such as: training',
      details: { field: CONTEXT_HEADER },
    },
  );
}

import { FalajError, isFalajError } from '../../shared/errors.ts';
import type { PostgresTarget } from './connection-table.ts';
import { unreachable } from './unreachable.ts';

/** A failure of PostgreSQL or of the way to it, in words for a person. */
export function postgresError(error: unknown, target: PostgresTarget): FalajError {
  if (isFalajError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  const where = `${target.host}:${target.port}`;
  const say = (
    known: ConstructorParameters<typeof FalajError>[0],
    message: string,
    hint: string,
  ): FalajError => new FalajError(known, message, { hint, details: { host: target.host }, cause: error });
  if (code.startsWith('28')) {
    return say(
      'CREDENTIALS_REFUSED',
      `PostgreSQL at ${where} refused user "${target.user}".`,
      'Remove the connection and add it again with the right user and password.',
    );
  }
  if (code === '3D000')
    return say('NOT_FOUND', `There is no database "${target.database}" at ${where}.`, 'Check its name.');
  if (code === '42501')
    return say(
      'FORBIDDEN',
      `User "${target.user}" may not read this: ${text}.`,
      'Ask for the right to SELECT from it.',
    );
  if (code === '25006')
    return say(
      'FORBIDDEN',
      'The query tries to change the database.',
      'Connections read only; write one SELECT.',
    );
  if (code === '57014')
    return say('TIMED_OUT', 'The query took too long.', 'Select less, or import a table.');
  if (code === '42P01' || code === '42703')
    return say('NOT_FOUND', `PostgreSQL says: ${text}.`, 'falaj connections check lists the tables.');
  if (code.startsWith('42') || code === '0A000')
    return say('BAD_INPUT', `The query cannot be carried out: ${text}.`, 'Write one SELECT.');
  // Its own words would repeat the value.
  if (code.startsWith('22'))
    return say(
      'BAD_INPUT',
      'The query failed on a value, such as a cast or a division.',
      'Correct the query.',
    );
  if (/does not support SSL/i.test(text)) {
    return say(
      'UNREACHABLE',
      `PostgreSQL at ${where} does not encrypt connections.`,
      'Switch TLS on at the server, or say --tls off where the way to it is safe.',
    );
  }
  return unreachable(error, `PostgreSQL at ${where}`, target.host);
}

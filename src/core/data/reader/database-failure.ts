import path from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import { firstSentence } from '../duckdb/sql-text.ts';
import type { ReadRequest } from './frames.ts';

export interface ReadFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** Reading again with types from the whole file may help. */
  readonly retryWholeFile: boolean;
}

/** In the database's own words only where they speak of the query, not of values. */
export function databaseFailure(error: unknown, request: ReadRequest): ReadFailure {
  const text = error instanceof Error ? error.message : String(error);
  const name = `"${path.basename(request.files[0]!)}"`;
  const kind = request.format === 'sqlite' ? 'SQLite' : 'DuckDB';
  const say = (code: ErrorCode, message: string, hint: string): ReadFailure => ({
    code,
    message,
    hint,
    retryWholeFile: false,
  });
  if (/out of memory/i.test(text))
    return say(
      'OUT_OF_MEMORY',
      `Reading ${name} needs more memory than it may have.`,
      'Select fewer columns.',
    );
  if (/created with an? newer version/i.test(text)) {
    return say(
      'UNSUPPORTED_FORMAT',
      `${name} was made by a newer version of DuckDB than can be read here.`,
      "Write it for older ones: ATTACH 'copy.duckdb' AS copy (STORAGE_VERSION 'v1.0.0'); COPY FROM DATABASE … TO copy",
    );
  }
  if (/not a (valid )?(duckdb )?database|malformed|encrypted|not valid|corrupt/i.test(text)) {
    return say(
      'MALFORMED_FILE',
      `${name} is not a whole ${kind} database, or it is encrypted.`,
      'Check the path, or make a fresh copy.',
    );
  }
  if (/external|file system operations are disabled|Permission Error|not authorized/i.test(text)) {
    return say(
      'FORBIDDEN',
      'The query or a view reaches for something outside the database.',
      'Only the database itself can be read.',
    );
  }
  if (/lock|busy/i.test(text))
    return say(
      'CONFLICT',
      `${name} is being written by another program.`,
      'Wait until it is done, or read a copy.',
    );
  if (/convert|conversion|out of range|overflow/i.test(text)) {
    return say(
      'TYPE_MISMATCH',
      `A value of ${name} does not fit its column’s type.`,
      'Cast the column in the query.',
    );
  }
  if ('query' in (request.selection ?? {}))
    return say(
      'BAD_INPUT',
      `The query cannot be carried out: ${firstSentence(error)}.`,
      'Write one SELECT over the tables of the database.',
    );
  return say(
    'MALFORMED_FILE',
    `${name} cannot be read: ${firstSentence(error)}.`,
    'Make a fresh copy of the database.',
  );
}

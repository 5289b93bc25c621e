import path from 'node:path';
import { type ErrorCode, isErrorCode, isFalajError } from '../../../shared/errors.ts';
import { badExpression } from '../duckdb/bad-expression.ts';
import { firstSentence } from '../duckdb/sql-text.ts';
import { databaseFailure, type ReadFailure } from './database-failure.ts';
import type { ReadRequest } from './frames.ts';
import { jsonFault } from './json-fault.ts';
import { MisjudgedType } from './judged-feed.ts';
import { NO_TIME } from './named-zones.ts';

/** Marks the error of a time with digits that would be lost; the column's name follows. */
export const TOO_FINE = 'falaj: finer than a microsecond: ';
export const TOO_FINE_HINT = 'Event and known times are kept exactly. Round them down to microseconds first.';

/** DuckDB takes the end of the first line for the end of all, and says this when another one comes. */
const endsDiffer = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('state machine reached an invalid state');

const QUOTES = /unterminated quote|quote should be followed/i;

/** Whether that may be all that is wrong: a line's end after a quote, when it is another one, is taken for a fault of the quote. */
export const mayEndDifferently = (error: unknown): boolean =>
  endsDiffer(error) || (error instanceof Error && QUOTES.test(error.message));

/** What went wrong in words for a person, out of whatever was thrown while a file was read. */
export function readFailure(error: unknown, request: ReadRequest): ReadFailure {
  if (isFalajError(error)) {
    const retryWholeFile =
      error instanceof MisjudgedType && request.remote !== null && !request.wholeFileTypes;
    return { code: error.code, message: error.message, hint: error.hint, retryWholeFile };
  }
  const text = error instanceof Error ? error.message : String(error);
  const tooFine = text.indexOf(TOO_FINE);
  if (tooFine !== -1) {
    return {
      code: 'TYPE_MISMATCH',
      message: `Column "${text.slice(tooFine + TOO_FINE.length)}" of ${namedFile(text, request)} has times finer than a microsecond.`,
      hint: TOO_FINE_HINT,
      retryWholeFile: false,
    };
  }
  // The libraries for these read past the end of what is cut off, and say so in many ways.
  const library = readByLibrary(request);
  if (library !== null && !/out of memory|allocation failed/i.test(text)) {
    return {
      code: 'MALFORMED_FILE',
      message: `${request.piped ? 'The data' : namedFile(text, request)} cannot be read as ${library}: it is damaged or cut off.`,
      hint: 'Write it again, and copy it whole.',
      retryWholeFile: false,
    };
  }
  if (request.format === 'sqlite' || request.format === 'duckdb') return databaseFailure(error, request);
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
    return {
      code: 'INTERNAL',
      message: text,
      hint: 'This is a defect of the reader, not of the file. Report what it says.',
      retryWholeFile: false,
    };
  }
  const name = namedFile(text, request);
  const failure = (code: ErrorCode, message: string, hint: string, retryWholeFile = false): ReadFailure => ({
    code,
    message,
    hint,
    retryWholeFile,
  });

  if (/out of memory/i.test(text)) {
    return failure(
      'OUT_OF_MEMORY',
      `Reading ${name} needs more memory than it may have.`,
      'Split the file, or convert it to Parquet with smaller row groups.',
    );
  }
  if (/line size|maximum_object_size|exceeds? the maximum/i.test(text)) {
    return failure(
      'MALFORMED_FILE',
      `A line of ${name} is longer than 2 MiB${atLine(text)}.`,
      'This does not look like a table of lines. Check the line ends and the format.',
    );
  }
  const [derived] = request.derive;
  if (derived !== undefined && isValueError(text)) {
    const { code, message, hint } = badExpression(derived, firstSentence(error));
    return failure(code, message, hint, !request.wholeFileTypes);
  }
  if (request.format === 'csv' || request.format === 'tsv') {
    const noTime = text.indexOf(NO_TIME);
    if (noTime !== -1) {
      return failure(
        'MALFORMED_FILE',
        `Column "${text.slice(noTime + NO_TIME.length)}" of ${name} changes its type.`,
        'Give the column values of one type.',
        !request.wholeFileTypes,
      );
    }
    if (endsDiffer(error)) {
      return failure(
        'MALFORMED_FILE',
        `The lines of ${name} do not all end alike.`,
        'End all of them in LF or all in CRLF, such as by dos2unix, and save the file as UTF-8.',
        !request.wholeFileTypes,
      );
    }
    const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
    const converting = /Error when converting column "([^"]*)"/i.exec(text)?.[1];
    if (converting !== undefined && !request.wholeFileTypes) {
      return failure(
        'MALFORMED_FILE',
        `Column "${converting}" of ${name} changes its type at line ${line}.`,
        'Give the column values of one type.',
        true,
      );
    }
    const expected = /Expected Number of Columns: (\d+) Found: (\d+)/i.exec(text);
    if (expected !== null) {
      return failure(
        'MALFORMED_FILE',
        `Line ${line} of ${name} has ${expected[2]} fields; the header has ${expected[1]}.`,
        'Give every line the same number of fields; put fields that hold the delimiter in double quotes.',
      );
    }
    if (line !== undefined) {
      return failure(
        'MALFORMED_FILE',
        `Line ${line} of ${name} cannot be read: ${csvReason(text)}.`,
        'Correct the line, or export the table again.',
        mayEndDifferently(error) && !request.wholeFileTypes,
      );
    }
    return failure(
      'MALFORMED_FILE',
      `${capital(name)} cannot be read as ${request.format.toUpperCase()}: ${firstSentence(error)}.`,
      'Check that it is a text file with one header line.',
    );
  }
  if (request.format === 'parquet') {
    return failure(
      'MALFORMED_FILE',
      `${capital(name)} is not a whole Parquet file: ${firstSentence(error)}.`,
      'It may have been cut off on its way. Copy it again.',
    );
  }
  const fault = jsonFault(text);
  return failure(
    'MALFORMED_FILE',
    fault === null
      ? `${capital(name)} is not made of lines of JSON objects.`
      : `Line ${fault.line} of ${name} cannot be read: ${fault.reason}.`,
    'Every line must be one JSON object, in UTF-8.',
    !request.wholeFileTypes && /transform|convert|cast/i.test(text),
  );
}

/** Formats that DuckDB does not read here. */
function readByLibrary({ format, remote }: ReadRequest): string | null {
  if (format === 'arrow') return 'Arrow';
  return format === 'parquet' && remote !== null ? 'Parquet' : null;
}

/** The file that the message speaks of, else the only one. */
function namedFile(message: string, { files, remote }: Pick<ReadRequest, 'files' | 'remote'>): string {
  const all = remote === null ? files : remote.map((file) => file.name);
  const named = all.length === 1 ? all : all.filter((file) => message.includes(file));
  const longest = [...named].sort((left, right) => right.length - left.length)[0];
  return longest === undefined ? 'the files' : `"${remote === null ? path.basename(longest) : longest}"`;
}

/** A statement that fails on a value, not on the file's form: its expressions do that. */
const isValueError = (message: string): boolean =>
  /^(Conversion|Invalid Input|Out of Range) Error/.test(message) && !/CSV Error|JSON/.test(message);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const atLine = (text: string): string => {
  const line = /Line: (\d+)/.exec(text)?.[1];
  return line === undefined ? '' : ` (line ${line})`;
};

/** In our words: DuckDB's message repeats the line, which may hold personal data. */
function csvReason(text: string): string {
  if (QUOTES.test(text)) return 'a double quote is not closed';
  if (/unicode|utf-?8/i.test(text)) return 'its bytes are not UTF-8';
  const converting = /Error when converting column "([^"]*)"/i.exec(text)?.[1];
  if (converting !== undefined) return `the value of column "${converting}" has another type`;
  return 'it does not follow the rules of CSV';
}

export const asErrorCode = (code: string): ErrorCode => (isErrorCode(code) ? code : 'CHILD_FAILED');

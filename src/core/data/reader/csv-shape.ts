import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';

const BLOCK_BYTES = 1_048_576;
/** A line longer than this is no line of a table. */
const MAX_LINE_BYTES = 2_097_152;
const DELIMITERS = [',', ';', '\t', '|'];

export interface CsvShape {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly encoding: 'utf-8' | 'latin-1' | 'utf-16';
}

/**
 * What must be known before a CSV file is parsed: its character encoding (checked over the whole file), its delimiter and
 * its header line. Several files must have the same.
 */
export async function csvShape(files: readonly string[], format: 'csv' | 'tsv'): Promise<CsvShape> {
  let first: CsvShape | null = null;
  for (const file of files) {
    const shape = await shapeOf(file, format);
    if (first !== null && JSON.stringify(shape) !== JSON.stringify(first)) {
      throw new FalajError(
        'MALFORMED_FILE',
        `"${path.basename(file)}" has another header line or encoding than "${path.basename(files[0]!)}".`,
        {
          hint: 'Import files of different shapes as datasets of their own.',
        },
      );
    }
    first = shape;
  }
  return first!;
}

async function shapeOf(file: string, format: 'csv' | 'tsv'): Promise<CsvShape> {
  const name = path.basename(file);
  const descriptor = openSync(file, 'r');
  try {
    const start = readBlock(descriptor, 0, MAX_LINE_BYTES);
    if (start.length === 0)
      throw new FalajError('NO_ROWS', `"${name}" is empty.`, {
        hint: 'Choose a file that has a header line and rows.',
      });
    // Before the whole file is looked at: a huge file without line ends is refused at once.
    if (start.length === MAX_LINE_BYTES && !start.includes(10) && !start.includes(13))
      throw endlessLine(name);
    const encoding = hasUtf16Mark(start) ? 'utf-16' : await encodingOf(descriptor, name);
    const line = firstLine(start, encoding);
    if (line === null) throw endlessLine(name);
    const delimiter = format === 'tsv' ? '\t' : guessDelimiter(line);
    const header = splitHeader(line, delimiter);
    if (header.every((column) => column.trim() === '')) {
      throw new FalajError('MALFORMED_FILE', `The first line of "${name}" names no column.`, {
        hint: 'Begin the file with a line of column names.',
      });
    }
    refuseDuplicates(header, name);
    return { delimiter, header, encoding };
  } finally {
    closeSync(descriptor);
  }
}

const endlessLine = (name: string): FalajError =>
  new FalajError('MALFORMED_FILE', `A line of "${name}" is longer than 2 MiB.`, {
    hint: 'This does not look like a table of lines. Check the line ends and the format.',
  });

function readBlock(descriptor: number, position: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  return block.subarray(0, readSync(descriptor, block, 0, length, position));
}

const hasUtf16Mark = (start: Buffer): boolean =>
  (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);

async function encodingOf(descriptor: number, name: string): Promise<'utf-8' | 'latin-1'> {
  let carried: Buffer = Buffer.alloc(0);
  let sinceLineEnd = 0;
  for (let position = 0; ; ) {
    const block = readBlock(descriptor, position, BLOCK_BYTES);
    if (block.length === 0) return 'utf-8';
    position += block.length;
    const lineEnd = Math.max(block.lastIndexOf(10), block.lastIndexOf(13));
    sinceLineEnd = lineEnd === -1 ? sinceLineEnd + block.length : block.length - lineEnd;
    if (sinceLineEnd > MAX_LINE_BYTES) throw endlessLine(name);
    const bytes: Buffer = carried.length === 0 ? block : Buffer.concat([carried, block]);
    const cut = block.length < BLOCK_BYTES ? bytes.length : characterBoundary(bytes);
    if (!isUtf8(bytes.subarray(0, cut))) return otherEncoding(bytes, name);
    carried = bytes.subarray(cut);
  }
}

/** The end of the last whole UTF-8 character. */
function characterBoundary(bytes: Buffer): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

async function otherEncoding(bytes: Buffer, name: string): Promise<'latin-1'> {
  if (bytes.includes(0)) {
    throw new FalajError('MALFORMED_FILE', `"${name}" is not text.`, {
      hint: 'Check its name: what is inside is something else.',
    });
  }
  const { detectEncoding } = await import('./text-encoding.ts');
  const found = detectEncoding(bytes);
  if (found === 'latin-1') return found;
  throw new FalajError('MALFORMED_FILE', `"${name}" is not in UTF-8.`, {
    hint:
      found === null
        ? 'Save it as UTF-8. With iconv, name the encoding it has: -f WINDOWS-1256 for Arabic, -f WINDOWS-1252 for Western European.'
        : `It looks like ${found}. Save it as UTF-8, for example with: iconv -f ${found} -t UTF-8`,
  });
}

function firstLine(start: Buffer, encoding: CsvShape['encoding']): string | null {
  const text =
    encoding === 'utf-16'
      ? new TextDecoder(start[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(start)
      : new TextDecoder(encoding === 'latin-1' ? 'latin1' : 'utf-8').decode(start);
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return text.slice(0, at);
  }
  return start.length < MAX_LINE_BYTES ? text : null;
}

function guessDelimiter(line: string): string {
  const counts = DELIMITERS.map((delimiter) => splitHeader(line, delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

export function splitHeader(line: string, delimiter: string): string[] {
  const names: string[] = [];
  let name = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"') {
      if (quoted && line[at + 1] === '"') {
        name += '"';
        at++;
      } else quoted = !quoted;
    } else if (!quoted && character === delimiter) {
      names.push(name);
      name = '';
    } else name += character;
  }
  return [...names, name];
}

function refuseDuplicates(header: readonly string[], file: string): void {
  const seen = new Set<string>();
  for (const name of header) {
    const key = name.trim().toLowerCase();
    if (key !== '' && seen.has(key)) {
      throw new FalajError('MALFORMED_FILE', `"${file}" has two columns named "${name.trim()}".`, {
        hint: 'Column names must differ in more than upper and lower case. Rename one of them.',
        details: { column: name.trim() },
      });
    }
    seen.add(key);
  }
}

import { constants } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';

export type TableFormat = 'csv' | 'tsv' | 'parquet' | 'ndjson' | 'arrow';

const EXTENSIONS: Readonly<Record<string, TableFormat>> = {
  '.csv': 'csv',
  '.txt': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.parquet': 'parquet',
  '.pq': 'parquet',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.ipc': 'arrow',
  '.feather': 'arrow',
};
const PARQUET_MAGIC = 'PAR1';

/** A file as it was when we first looked at it. */
export interface ForeignFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly identity: string;
}

/** Throws UNSUPPORTED_FORMAT when neither the name nor the person says what the file is. */
export function tableFormat(file: string, said?: TableFormat): TableFormat {
  const format = said ?? EXTENSIONS[path.extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw new FalajError('UNSUPPORTED_FORMAT', `"${path.basename(file)}" has no known table format.`, {
    hint: 'Known are .csv, .tsv, .parquet, .ndjson and .arrow; say the format if the file is named otherwise (--format csv).',
  });
}

/** The same for a file that is to be read: where it is of a kind with another way in, that way is told. */
export function readableFormat(file: string, said?: TableFormat): TableFormat {
  const hint = said === undefined ? OTHER_WAYS.find(([names]) => names.test(file))?.[1] : undefined;
  if (hint === undefined) return tableFormat(file, said);
  throw new FalajError('UNSUPPORTED_FORMAT', `"${path.basename(file)}" cannot be read as it is.`, { hint });
}

/** Files that people have, and how their rows get in all the same. */
const OTHER_WAYS: readonly (readonly [RegExp, string])[] = [
  [
    /\.(gz|zst|bz2|xz)$/i,
    'Unpack it on its way in, such as with: zcat FILE | falaj data import - --name NAME',
  ],
  [/\.zip$/i, 'Unpack it first, and import the files in it.'],
  [/\.(db|sqlite3?)$/i, 'Add it as a connection: falaj connections add NAME --kind sqlite --path FILE'],
  [/\.(duckdb|ddb)$/i, 'Add it as a connection: falaj connections add NAME --kind duckdb --path FILE'],
  [/\.(xlsx?|ods)$/i, 'Save the sheet as CSV in UTF-8, and import that.'],
];

/** Throws FILE_NOT_FOUND, FILE_UNREADABLE or NO_ROWS (a file of no bytes). */
export async function inspectFile(file: string): Promise<ForeignFile> {
  const name = path.basename(file);
  try {
    const real = await realpath(file);
    const facts = await stat(real, { bigint: true });
    if (facts.isDirectory()) {
      throw new FalajError('FILE_UNREADABLE', `"${name}" is a folder.`, { hint: 'Name the files in it.' });
    }
    if (!facts.isFile()) {
      throw new FalajError('FILE_UNREADABLE', `"${name}" is not an ordinary file.`, {
        hint: 'Save its content to a file first.',
      });
    }
    await access(real, constants.R_OK);
    if (facts.size === 0n) {
      throw new FalajError('NO_ROWS', `"${name}" is empty.`, { hint: 'Choose a file that has rows.' });
    }
    return {
      path: real,
      sizeBytes: Number(facts.size),
      identity: `${facts.dev}:${facts.ino}:${facts.size}:${facts.mtimeNs}`,
    };
  } catch (error) {
    throw fileError(error, name);
  }
}

/** Throws FILE_CHANGED_WHILE_READING when the file is not the one that was inspected. */
export async function assertUnchanged(file: ForeignFile): Promise<void> {
  const facts = await stat(file.path, { bigint: true }).catch(() => null);
  const identity = facts === null ? '' : `${facts.dev}:${facts.ino}:${facts.size}:${facts.mtimeNs}`;
  if (identity === file.identity) return;
  throw new FalajError(
    'FILE_CHANGED_WHILE_READING',
    `"${path.basename(file.path)}" changed while it was being read.`,
    {
      hint: 'Nothing was kept. Wait until it is complete, then start again.',
    },
  );
}

/** A Parquet file begins and ends with its mark; one that lost its end was cut off. */
export async function assertWholeParquet(file: ForeignFile): Promise<void> {
  const name = path.basename(file.path);
  const handle = await open(file.path, 'r');
  try {
    const mark = async (position: number): Promise<string> =>
      (await handle.read(Buffer.alloc(4), 0, 4, position)).buffer.toString('latin1');
    if (file.sizeBytes < 12 || (await mark(0)) !== PARQUET_MAGIC) {
      throw new FalajError('MALFORMED_FILE', `"${name}" is not a Parquet file.`, {
        hint: 'Check its name: what is inside is something else.',
      });
    }
    if ((await mark(file.sizeBytes - 4)) !== PARQUET_MAGIC) {
      throw new FalajError(
        'MALFORMED_FILE',
        `"${name}" is cut off: the end of the Parquet file is missing.`,
        { hint: 'Copy or export it again.' },
      );
    }
  } finally {
    await handle.close();
  }
}

function fileError(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new FalajError('FILE_NOT_FOUND', `There is no file "${name}".`, {
      hint: 'Check the path.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new FalajError('FILE_UNREADABLE', `"${name}" may not be read.`, {
      hint: 'Give the account that runs Falaj the right to read it.',
      cause: error,
    });
  }
  return error;
}

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, parseAllDocuments } from 'yaml';
import { FalajError } from '../../shared/errors.ts';

export interface DefinitionDocument {
  readonly file: string;
  readonly text: string;
}

const ENDINGS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** The definition files at a path: the file itself, or all of a folder in the order of their names. */
export async function readDefinitionDocuments(location: string): Promise<DefinitionDocument[]> {
  const stats = await stat(location).catch((error: NodeJS.ErrnoException) => {
    throw new FalajError(
      error.code === 'ENOENT' ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE',
      error.code === 'ENOENT' ? `There is no ${location}.` : `${location} cannot be read.`,
      {
        hint: 'Name a definition file or a folder of them with -f PATH.',
        cause: error,
      },
    );
  });
  const files = stats.isDirectory() ? await definitionFiles(location) : [location];
  if (files.length === 0) {
    throw new FalajError('FILE_NOT_FOUND', `${location} holds no definition files.`, {
      hint: 'They end in .yaml, .yml or .json.',
    });
  }
  return Promise.all(
    files.map(async (file) => ({
      file: path.relative(process.cwd(), file) || file,
      text: await readFile(file, 'utf8'),
    })),
  );
}

/** Names of the Training definitions in documents, as far as they can be read; the engine judges the documents themselves. */
export function trainingNames(documents: readonly DefinitionDocument[]): string[] {
  return documents.flatMap(({ text }) =>
    [...parseAllDocuments(text)].flatMap((document) => {
      const value = readableValue(document);
      if (typeof value !== 'object' || value === null || !('kind' in value) || !('name' in value)) return [];
      return value.kind === 'Training' && typeof value.name === 'string' ? [value.name] : [];
    }),
  );
}

function readableValue(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return null; // aliases beyond measure, or without an anchor: the engine says so
  }
}

async function definitionFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ENDINGS.has(path.extname(entry.name)))
    .map((entry) => path.join(folder, entry.name))
    .sort();
}

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Document, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { namedFiles } from '../../shared/definitions/python-learner.ts';
import { FalajError } from '../../shared/errors.ts';

export interface DefinitionDocument {
  readonly file: string;
  readonly text: string;
  /** Texts of the files that its trainings name, by their paths beside it. */
  readonly files?: Record<string, string>;
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
    files.map(async (file) => {
      const text = await readFile(file, 'utf8');
      const beside = await filesNamed(path.dirname(file), text);
      return {
        file: path.relative(process.cwd(), file) || file,
        text,
        ...(Object.keys(beside).length === 0 ? {} : { files: beside }),
      };
    }),
  );
}

/** What the trainings of a file are to run, from beside it; what is not there the engine misses, and names the line. */
async function filesNamed(folder: string, text: string): Promise<Record<string, string>> {
  const names = readableValues(text).flatMap((value) => {
    const parsed = namingLearner.safeParse(value);
    return parsed.success ? namedFiles(parsed.data.learner).map(({ file }) => file) : [];
  });
  const texts = await Promise.all(
    [...new Set(names)].map(async (name): Promise<[string, string] | null> => {
      try {
        return [name, await readFile(path.join(folder, name), 'utf8')];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw new FalajError('FILE_UNREADABLE', `${path.join(folder, name)} cannot be read.`, {
          hint: 'A training names it.',
          cause: error,
        });
      }
    }),
  );
  return Object.fromEntries(texts.filter((one) => one !== null));
}

/** As much of a training as names files. */
const namingLearner = z.object({
  kind: z.literal('Training'),
  learner: z.object({
    kind: z.literal('python'),
    script: z.string(),
    requirements: z.string().optional(),
    files: z.array(z.string()).default([]),
  }),
});

/** Names of the Training definitions in documents, as far as they can be read; the engine judges the documents themselves. */
export function trainingNames(documents: readonly DefinitionDocument[]): string[] {
  return documents.flatMap(({ text }) =>
    readableValues(text).flatMap((value) => {
      if (typeof value !== 'object' || value === null || !('kind' in value) || !('name' in value)) return [];
      return value.kind === 'Training' && typeof value.name === 'string' ? [value.name] : [];
    }),
  );
}

const readableValues = (text: string): unknown[] => [...parseAllDocuments(text)].map(readableValue);

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

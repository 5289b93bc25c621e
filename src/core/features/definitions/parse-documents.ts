import { type Document, isCollection, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { FalajError } from '../../../shared/errors.ts';
import { definitionId, definitionSchema, type PlacedDefinition } from './definition.ts';
import { describeIssues } from './describe-issue.ts';
import { type FileTexts, withCode } from './with-code.ts';

export interface DefinitionFile {
  readonly file: string;
  readonly text: string;
  /** Texts of the files that it names, by their paths beside it. */
  readonly files?: FileTexts | undefined;
}

/** Aliases in YAML can blow a small file up; definitions need few. */
const MAX_ALIASES = 100;

/**
 * Reads definition files, YAML or JSON, any number of documents each.
 *
 * @throws BAD_DEFINITION naming file and line for malformed text, unknown kinds and keys, wrong values and names defined
 *   twice.
 */
export function parseDocuments(files: readonly DefinitionFile[]): PlacedDefinition[] {
  const definitions = files.flatMap(parseFile);
  const seen = new Map<string, PlacedDefinition>();
  for (const placed of definitions) {
    const id = definitionId(placed.definition);
    const first = seen.get(id);
    if (first !== undefined) {
      throw badDefinition(
        placed.place.file,
        placed.place.line,
        `${placed.definition.kind} "${placed.definition.name}" is defined twice.`,
        {
          hint: `It is already defined at ${first.place.file}:${first.place.line}.`,
        },
      );
    }
    seen.set(id, placed);
  }
  return definitions;
}

const COMPARE = 'See the definition files in the guide, or compare with those of the demo.';

/** A definition that cannot be used, with the place a person looks at. */
export function badDefinition(
  file: string,
  line: number,
  message: string,
  options: { hint?: string } = {},
): FalajError {
  return new FalajError('BAD_DEFINITION', `${file}:${line}: ${message}`, {
    hint: options.hint ?? COMPARE,
    details: { file, line },
  });
}

function parseFile({ file, text, files = {} }: DefinitionFile): PlacedDefinition[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const documents: readonly Document[] = Array.isArray(parsed) ? parsed : [];
  return documents.flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      throw badDefinition(file, lines.linePos(error.pos[0]).line, error.message, {
        hint: 'The file must be YAML or JSON. Check the indentation, and quote texts that hold a colon.',
      });
    }
    if (document.contents === null) return [];
    return [parseDocument(file, document, { lines, files })];
  });
}

function parseDocument(
  file: string,
  document: Document,
  { lines, files }: { readonly lines: LineCounter; readonly files: FileTexts },
): PlacedDefinition {
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path);
  const value = withCode(plainValue(file, document, lineOf([])), files);
  const result = definitionSchema.safeParse(value);
  if (result.success) {
    return { definition: result.data, place: { file, line: lineOf([]) }, lineOf };
  }
  const { path, message, hint } = describeIssues(result.error.issues, value);
  throw badDefinition(file, lineOf(path), message, hint === null ? {} : { hint });
}

/** The document as values; one whose aliases would grow beyond measure is refused. */
function plainValue(file: string, document: Document, line: number): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw badDefinition(file, line, error instanceof Error ? `${error.message}.` : 'It cannot be read.', {
      hint: 'Write the values out instead of using aliases (*name).',
    });
  }
}

/** Line of the deepest part of the path that exists. */
function lineAt(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    if (isCollection(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

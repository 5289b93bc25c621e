import { z } from 'zod';
import { nearestName } from '../../../shared/nearest-name.ts';
import { DEFINITION_KINDS, definitionSchema } from './definition.ts';
import { knownKeys } from './known-keys.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with a definition, in words for the person who wrote it. */
export interface DefinitionProblem {
  /** Where in the document: as far as it is there, its line is the one to look at. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Null where there is nothing better than to look at how definitions are written. */
  readonly hint: string | null;
}

/** The problem that a person should mend first: a key that is misspelt explains the one that is then missing. */
export function describeIssues(issues: readonly Issue[], document: unknown): DefinitionProblem {
  const issue = meantIssue(issues, document);
  if (issue.path[0] === 'kind') return unknownKind(valueAt(document, ['kind']));
  const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return {
      path: [...issue.path, key],
      message: `${where}unknown key "${key}".`,
      hint: keyHint(key, knownKeys(jsonSchema(), document, issue.path)),
    };
  }
  if (isMissing(issue, document))
    return { path: issue.path, message: `${issue.path.join('.')} is missing.`, hint: null };
  return {
    path: issue.path,
    message: `${where}${sentence(issue.message)}`,
    hint: valueHint(issue, valueAt(document, issue.path)),
  };
}

/** In the words of the rest, and ended once. */
const sentence = (message: string): string => {
  const plain = message.replace(/^Invalid (input|option): /, '');
  return /[.?!]$/.test(plain) ? plain : `${plain}.`;
};

const jsonSchema = () => z.toJSONSchema(definitionSchema, { io: 'input' });

function unknownKind(kind: unknown): DefinitionProblem {
  const known = `A kind is one of ${DEFINITION_KINDS.join(', ')}.`;
  const message =
    typeof kind === 'string' ? `there is no kind "${kind}".` : 'kind is missing: it says what this defines.';
  const nearest = typeof kind === 'string' ? nearestName(kind, DEFINITION_KINDS) : null;
  return { path: ['kind'], message, hint: nearest === null ? known : `Did you mean "${nearest}"? ${known}` };
}

function keyHint(key: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const nearest = nearestName(key, known);
  return nearest === null ? `There are: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
}

function valueHint(issue: Issue, value: unknown): string | null {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return null;
  const nearest = nearestName(value, issue.values.map(String));
  return nearest === null ? null : `Did you mean "${nearest}"?`;
}

/** A union reports each branch; the branch that got furthest is what the person meant. */
function meantIssue(issues: readonly Issue[], document: unknown): Issue {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const branches = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
  );
  const [best] = branches.sort(
    (left, right) => depth(right, document) - depth(left, document) || faults(left) - faults(right),
  );
  return meantIssue(best!, document);
}

/** How deep what was written is wrong; what was not written is the fault of what it is missing from. */
const depth = (issues: readonly Issue[], document: unknown): number =>
  Math.max(
    ...issues.map((issue) => {
      if (issue.code === 'unrecognized_keys') return issue.path.length + 1;
      return isMissing(issue, document) ? issue.path.length - 1 : issue.path.length;
    }),
  );

const faults = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

const isMissing = (issue: Issue, document: unknown): boolean =>
  issue.path.length > 0 &&
  (issue.code === 'invalid_type' || issue.code === 'invalid_value') &&
  valueAt(document, issue.path) === undefined;

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

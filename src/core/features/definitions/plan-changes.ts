import { isDeepStrictEqual } from 'node:util';
import type { PlannedChange } from '../../../shared/contract/types.ts';
import { DEFINITION_KINDS, type Definition, definitionId } from './definition.ts';

/** What applying the wanted definitions would do to the stored ones, in the order of dependence. Deletes only with prune. */
export function planChanges(
  stored: readonly Definition[],
  wanted: readonly Definition[],
  prune: boolean,
): PlannedChange[] {
  const before = new Map(stored.map((definition) => [definitionId(definition), definition]));
  const after = new Set(wanted.map(definitionId));
  const changes = wanted.map((definition) => planOne(before.get(definitionId(definition)), definition));
  const deletes = prune ? stored.filter((definition) => !after.has(definitionId(definition))) : [];
  return [
    ...inOrder(changes),
    ...inOrder(
      deletes.map(({ kind, name }) => ({ kind, name, change: 'delete' as const, differences: [] })),
    ).reverse(),
  ];
}

const inOrder = (changes: PlannedChange[]): PlannedChange[] =>
  changes.toSorted((a, b) => rank(a.kind) - rank(b.kind) || (a.name < b.name ? -1 : 1));

const rank = (kind: PlannedChange['kind']): number => (DEFINITION_KINDS as readonly string[]).indexOf(kind);

function planOne(before: Definition | undefined, after: Definition): PlannedChange {
  const { kind, name } = after;
  if (before === undefined) return { kind, name, change: 'create', differences: [] };
  const differences = differencesBetween(before, after);
  return { kind, name, change: differences.length === 0 ? 'unchanged' : 'update', differences };
}

/** One line a difference: `ttl: "7d" → "3d"`. */
export function differencesBetween(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      differencesBetween(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (isNamedList(before) && isNamedList(after)) {
    return differencesBetween(byName(before), byName(after), path);
  }
  return [`${path}: ${show(before)} → ${show(after)}`];
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Named = { readonly name: string };
const isNamedList = (value: unknown): value is readonly Named[] =>
  Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['name'] === 'string');

const byName = (items: readonly Named[]): Record<string, Named> =>
  Object.fromEntries(items.map((item) => [item.name, item]));

/** Characters of a value, such as the text of a script, that are shown at most. */
const MOST_SHOWN = 200;

function show(value: unknown): string {
  if (value === undefined) return '∅';
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}

import { parseViewReference, viewReferenceOf } from '../../../shared/definitions/view-reference.ts';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import { checkExpressions } from './check-expressions.ts';
import { checkReferences } from './check-references.ts';
import { type Definition, definitionId, type PlacedDefinition } from './definition.ts';
import type { Known } from './known-definitions.ts';

interface Broken {
  readonly definition: Definition;
  readonly error: FalajError;
}

/** All definitions as they would be after applying, and the ids of those that applying changes. */
export interface DefinitionsAfter {
  readonly all: readonly PlacedDefinition[];
  readonly changed: ReadonlySet<string>;
  readonly known: Known;
}

/** What was applied earlier and is not mentioned by the files. */
export const appliedEarlier = (definition: Definition): PlacedDefinition => ({
  definition,
  place: { file: `${definitionId(definition)} (applied earlier)`, line: 1 },
  lineOf: () => 1,
});

/**
 * Checks that everything that a definition names is there. Throws one BAD_DEFINITION that names everything that would not
 * hold, also for what it builds on.
 */
export function checkAll(after: DefinitionsAfter): void {
  refuse(
    after,
    after.all.flatMap((one) => brokenBy(one, after.known)),
  );
}

/** The same for the expressions of what changes, and of what builds on it. */
export async function checkAllExpressions(after: DefinitionsAfter): Promise<void> {
  const { all, changed, known } = after;
  const affected = withDependents(changed, all);
  const broken: Broken[] = [];
  for (const placed of all) {
    const { definition } = placed;
    if (definition.kind !== 'FeatureView' || !affected.has(definitionId(definition))) continue;
    const error = await checkExpressions(placed, definition, known);
    if (error !== null) broken.push({ definition, error });
  }
  refuse(after, broken);
}

function refuse({ all, changed }: DefinitionsAfter, broken: readonly Broken[]): void {
  const [first] = broken;
  if (first === undefined) return;
  // What is wrong within a change itself is for its author to correct; what the change breaks elsewhere spreads.
  const victims = broken.filter(({ definition }) => !changed.has(definitionId(definition)));
  const dependents = dependentsOf(victims, all);
  if (broken.length + dependents.length === 1) throw first.error;
  throw everything(broken, dependents);
}

function brokenBy(placed: PlacedDefinition, known: Known): Broken[] {
  try {
    checkReferences(placed, known);
    return [];
  } catch (error) {
    if (!isFalajError(error)) throw error;
    return [{ definition: placed.definition, error }];
  }
}

/** What builds on the broken definitions, directly or not, and is not broken itself. */
function dependentsOf(broken: readonly Broken[], all: readonly PlacedDefinition[]): Definition[] {
  const direct = new Set(broken.map(({ definition }) => definitionId(definition)));
  const lost = withDependents(direct, all);
  return all
    .map(({ definition }) => definition)
    .filter((definition) => lost.has(definitionId(definition)) && !direct.has(definitionId(definition)));
}

/** The ids, and those of everything that builds on them, directly or not. */
function withDependents(ids: ReadonlySet<string>, all: readonly PlacedDefinition[]): Set<string> {
  const found = new Set(ids);
  let before: number;
  do {
    before = found.size;
    for (const { definition } of all)
      if (buildsOn(definition).some((id) => found.has(id))) found.add(definitionId(definition));
  } while (found.size > before);
  return found;
}

/** The ids of the definitions that one names. */
function buildsOn(definition: Definition): string[] {
  const idOf = (kind: Definition['kind'], name: string): string => definitionId({ kind, name });
  switch (definition.kind) {
    case 'Dataset':
    case 'Entity':
      return [];
    case 'FeatureView': {
      const { view } = definition.source;
      const entities = definition.entities.map((name) => idOf('Entity', name));
      return view === undefined ? entities : [...entities, idOf('FeatureView', view)];
    }
    case 'FeatureService':
      return definition.features.flatMap((one) => {
        const { name, version } = parseViewReference(viewReferenceOf(one));
        // An older version is read from the history, whatever becomes of the one in force.
        return version === null ? [idOf('FeatureView', name)] : [];
      });
    case 'Training':
      return definition.service === undefined ? [] : [idOf('FeatureService', definition.service)];
  }
}

function everything(broken: readonly Broken[], dependents: readonly Definition[]): FalajError {
  const reasons = [
    ...broken.map(({ definition, error }) => ({ definition, reason: error.message.replace(/\.$/, '') })),
    ...dependents.map((definition) => ({ definition, reason: 'it builds on one of these' })),
  ];
  const named = reasons.map(
    ({ definition, reason }) => `${definition.kind} "${definition.name}" (${reason})`,
  );
  const first = broken[0]!.error;
  return new FalajError(
    'BAD_DEFINITION',
    `${reasons.length} definitions would not hold: ${named.join('; ')}.`,
    {
      hint: first.hint,
      details: { ...first.details, broken: reasons.map(({ definition }) => definitionId(definition)) },
    },
  );
}

import type { DefinitionRevisionInfo } from '../../../shared/contract/types.ts';
import type { DefinitionKind } from './definition.ts';
import type { DefinitionRevision } from './definition-history.ts';
import { differencesBetween } from './plan-changes.ts';

/** What each revision changed, newest first as they come. `inForce` is the revision that counts now, if any does. */
export function describeHistory<Kind extends DefinitionKind>(
  revisions: readonly DefinitionRevision<Kind>[],
  inForce: number | null,
): DefinitionRevisionInfo[] {
  return revisions.map(({ definition, version, revision, digest, appliedAt }, index) => {
    const before = revisions[index + 1];
    return {
      version,
      revision,
      digest,
      appliedAt,
      differences: before === undefined ? [] : differencesBetween(before.definition, definition),
      inForce: revision === inForce,
    };
  });
}

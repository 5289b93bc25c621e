import { FalajError } from '../../../shared/errors.ts';
import type { DefinitionKind } from '../definitions/definition.ts';
import type { DefinitionRevision } from '../definitions/definition-history.ts';
import type { RevisionLookup, UsedDefinition } from '../definitions/recording-catalogue.ts';

/**
 * Finds definitions as they were when something recorded that it used them.
 *
 * @throws NOT_FOUND for any other.
 */
export const recordedLookUp =
  (
    recorded: readonly Pick<UsedDefinition, 'kind' | 'name' | 'reference' | 'revision'>[],
    history: <Kind extends DefinitionKind>(kind: Kind, name: string) => DefinitionRevision<Kind>[],
  ): RevisionLookup =>
  (kind, reference) => {
    const used = recorded.find((one) => one.kind === kind && one.reference === reference);
    const found =
      used === undefined
        ? undefined
        : history(kind, used.name).find(({ revision }) => revision === used.revision);
    if (found !== undefined) return found;
    throw new FalajError('NOT_FOUND', `${kind} "${reference}" is not kept as it was then.`);
  };

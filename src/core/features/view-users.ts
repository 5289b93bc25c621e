import type { FeatureServiceDefinition } from '../../shared/definitions/features.ts';
import { parseViewReference, viewReferenceOf } from '../../shared/definitions/view-reference.ts';

/** The services that use a view. A service names a view's version, or means the one in force. */
export function usersOf(
  view: { readonly name: string; readonly version: number; readonly inForce: boolean },
  services: readonly FeatureServiceDefinition[],
): string[] {
  return services
    .filter(({ features }) =>
      features.some((one) => {
        const { name, version } = parseViewReference(viewReferenceOf(one));
        return name === view.name && (version === null ? view.inForce : version === view.version);
      }),
    )
    .map(({ name }) => name);
}

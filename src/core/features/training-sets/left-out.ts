import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { PlannedView } from '../join/join-plan.ts';

/** The views without these columns, `alias__feature`; a view that none is wanted of is not read. */
export function withoutFeatures(
  views: readonly PlannedView[],
  leftOut: readonly string[],
): readonly PlannedView[] {
  if (leftOut.length === 0) return views;
  const names = views.flatMap(({ alias, features }) => features.map(({ name }) => `${alias}__${name}`));
  for (const name of leftOut) {
    if (names.includes(name)) continue;
    throw new FalajError('NOT_FOUND', `There is no feature "${name}" to leave out.`, {
      hint: nearestHint(name, names, 'Name it as its column is called: view__feature.'),
    });
  }
  const kept = views
    .map((view) => ({
      ...view,
      features: view.features.filter(({ name }) => !leftOut.includes(`${view.alias}__${name}`)),
    }))
    .filter(({ features }) => features.length > 0);
  if (kept.length > 0) return kept;
  throw new FalajError('BAD_INPUT', 'Every feature was left out.', { hint: 'Keep at least one.' });
}

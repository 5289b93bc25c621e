import { type IsolatedChild, spawnIsolated } from '../../../../src/core/processes/index.ts';
import { byChance, visitLines } from '../../../fixtures/visit-lines.ts';
import { openVisitTrainings, type VisitTrainings } from '../../../fixtures/visit-trainings.ts';

/**
 * Rooms whose networks find a software adapter.
 *
 * @param start starts each process that looks for it, or puts another in its place.
 */
export async function openOnSoftware(
  environment: Record<string, string> | null,
  {
    acceptsSoftware = true,
    start = (real) => real(),
  }: {
    readonly acceptsSoftware?: boolean;
    readonly start?: (real: () => IsolatedChild) => IsolatedChild;
  } = {},
): Promise<VisitTrainings> {
  const rooms = await openVisitTrainings({
    graphics: {
      acceptsSoftware,
      spawn: (options) => start(() => spawnIsolated({ ...options, environment: environment ?? {} })),
    },
  });
  await rooms.importVisits(visitLines(3000, byChance));
  return rooms;
}

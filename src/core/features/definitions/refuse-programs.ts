import { startsProgram } from '../../../shared/definitions/training.ts';
import { programsForbidden } from '../../../shared/programs-forbidden.ts';
import type { PlacedDefinition } from './definition.ts';

/** @throws FORBIDDEN for definitions that bring a program along. */
export function refusePrograms(placed: readonly PlacedDefinition[]): void {
  if (placed.some(({ definition }) => definition.kind === 'Training' && startsProgram(definition)))
    throw programsForbidden('falaj apply');
}

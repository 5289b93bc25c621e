import type { DatasetDefinition } from '../../../shared/definitions/datasets.ts';
import { expectationMisfit } from '../../data/index.ts';
import type { PlacedDefinition } from './definition.ts';
import { checkTimeColumn, fault, type Known, requireColumn } from './known-definitions.ts';

/** A dataset may be defined before its first import, which then checks the same. */
export function checkDataset(placed: PlacedDefinition, definition: DatasetDefinition, known: Known): void {
  const dataset = known.dataset(definition.name);
  if (dataset === null) return;
  for (const time of ['eventTime', 'knownTime'] as const) {
    const column = definition[time];
    if (column !== undefined) checkTimeColumn(placed, [time], dataset, column);
  }
  definition.keys.forEach((key, index) => {
    requireColumn(placed, ['keys', index], dataset, key);
  });
  definition.expectations.forEach((one, index) => {
    const misfit = expectationMisfit(one, dataset.columns);
    if (misfit !== null) throw fault(placed, ['expectations', index], misfit.message, misfit.hint);
  });
}

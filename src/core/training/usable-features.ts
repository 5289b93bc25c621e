import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Column } from '../../shared/table/column.ts';

/** @throws BAD_DEFINITION for no feature at all, two of one name, the label, or one that is named like the model's output. */
export function refuseUnusableFeatures(columns: readonly Column[], definition: TrainingDefinition): void {
  if (columns.length === 0) {
    throw new FalajError('BAD_DEFINITION', `The training ${definition.name} has no features.`, {
      hint: 'Name a service, columns or expressions.',
    });
  }
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name))
      throw new FalajError(
        'BAD_DEFINITION',
        `The training ${definition.name} has two features named ${name}.`,
      );
    if (name === definition.label.column) {
      throw new FalajError(
        'BAD_DEFINITION',
        `The training ${definition.name} has its own label among its features.`,
        {
          hint: `Remove ${name} from the features: a model must not see what it predicts.`,
        },
      );
    }
    // The exported graph names its inputs by the features.
    if (['probability', 'probabilities', 'prediction'].includes(name)) {
      throw new FalajError('BAD_DEFINITION', `A feature cannot be called ${name}: the model's output is.`, {
        hint: 'Give it another name by an expression.',
        details: { column: name },
      });
    }
    names.add(name);
  }
}

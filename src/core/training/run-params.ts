import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import type { TrainingSet } from './training-set.ts';

/** What a run says of the definition and the rows that it learns from. */
export function paramsOf(definition: TrainingDefinition, set: TrainingSet): Record<string, string> {
  const { kind, ...settings } = definition.learner;
  return {
    learner: kind,
    ...Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [
        name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
    ),
    task: definition.task,
    seed: String(definition.seed),
    label: definition.label.expression ?? definition.label.column,
    ...(definition.service === undefined ? {} : { service: definition.service }),
    ...(definition.weight === undefined ? {} : { weight: definition.weight }),
    ...(definition.calibrate === undefined ? {} : { calibrate: definition.calibrate }),
    ...(definition.preprocess === undefined ? {} : { preprocess: JSON.stringify(definition.preprocess) }),
    features: String(set.features.length),
    split: `${definition.split.by}: ${set.split.train} / ${set.split.validation} / ${set.split.test} rows`,
  };
}

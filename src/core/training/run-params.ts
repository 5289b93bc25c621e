import { createHash } from 'node:crypto';
import type { Learner, TrainingDefinition } from '../../shared/definitions/training.ts';
import { canonicalJson } from '../../trust/canonical-json.ts';
import type { TrainingSet } from './training-set.ts';

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

const texts = (values: object): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));

/** Of a script its parameters, and a digest of its code. */
function settingsOf(learner: Learner): Record<string, string> {
  if (learner.kind !== 'python') {
    const { kind: _kind, ...settings } = learner;
    return texts(settings);
  }
  const code = createHash('sha256').update(canonicalJson(learner.code)).digest('hex');
  return { ...texts(learner.parameters), script: learner.script, code };
}

/** What a run says of the definition and the rows that it learns from. */
export function paramsOf(definition: TrainingDefinition, set: TrainingSet): Record<string, string> {
  const { kind } = definition.learner;
  return {
    ...settingsOf(definition.learner),
    learner: kind,
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

import { z } from 'zod';
import { nearestName } from '../nearest-name.ts';
import { type LabelTask, type LearnerKind, metricsOf, tuningGoal } from '../tuning-goal.ts';
import { objectiveProblems, tuningChoice, tuningObjective } from './objectives.ts';

const range = z.tuple([z.number(), z.number()]);

/** What a hyperparameter may be: one of these. Bounds are inclusive. */
export const tuningDimension = z
  .strictObject({
    int: range.optional(),
    /** Whole numbers, tried along their logarithm. */
    logInt: range.optional(),
    uniform: range.optional(),
    logUniform: range.optional(),
    choice: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .min(2)
      .max(100)
      .optional(),
  })
  .superRefine((dimension, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    const given = Object.entries(dimension).filter(([, value]) => value !== undefined);
    const [first] = given;
    if (first === undefined || given.length > 1) {
      refuse('give one of int, logInt, uniform, logUniform and choice');
      return;
    }
    const [kind, value] = first;
    if (kind === 'choice') return;
    const [low, high] = value as [number, number];
    if (!(low < high)) refuse(`${kind} goes from the smaller to the greater bound`);
    if (kind.startsWith('log') && low <= 0) refuse(`${kind} starts above 0: there is no logarithm of ${low}`);
    if (kind.endsWith('nt') && !(Number.isInteger(low) && Number.isInteger(high)))
      refuse(`the bounds of ${kind} are whole numbers`);
  });

export const durationText = z
  .string()
  .regex(/^\d+(?:\.\d+)?(?:us|ms|s|m|h|d)$/, 'a length of time such as 90s, 15m or 8h');

/** In how many parts the training part is judged in turn. */
export const foldCount = z.number().int().min(2).max(20);

export const trialCount = z.number().int().min(1).max(10_000);

export const tuneFields = z.strictObject({
  /** Measured on the validation part; the most telling one of the task unless said. */
  metric: z.string().optional(),
  /** In place of one metric several at once: what no trial beats in all of them is the result. */
  objectives: z.array(tuningObjective).min(2).max(3).optional(),
  choose: tuningChoice.optional(),
  trials: trialCount.default(20),
  /** At most so many side by side; which settings are tried depends on it, and not on the machine. */
  parallel: z.number().int().min(1).max(64).default(4),
  sampler: z.enum(['tpe', 'random']).default('tpe'),
  /** `median` with one objective unless said; none with several. */
  pruner: z.enum(['none', 'median', 'asha']).optional(),
  /** Judges a trial by as many folds of the training part in place of the validation part. */
  folds: foldCount.optional(),
  /** No further trial begins after this time, such as 30m. */
  timeLimit: durationText.optional(),
  /** By hyperparameter of the learner. */
  space: z.record(z.string(), tuningDimension),
});

export type TuningDimension = z.infer<typeof tuningDimension>;
export type Tune = z.infer<typeof tuneFields>;

/** What a search gives trials up by where it does not say. */
export const prunerKind = ({ pruner, objectives }: Tune): NonNullable<Tune['pruner']> =>
  pruner ?? (objectives === undefined ? 'median' : 'none');

export interface TuningProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** What cannot be tuned as it is written. `accepts` says why the learner does not take these settings. */
export function tuningProblems(
  tune: Tune,
  training: {
    readonly task: LabelTask;
    readonly learner: Readonly<Record<string, unknown>> & { readonly kind: LearnerKind };
    /** Its settings, beside its kind. */
    readonly settings: readonly string[];
    readonly validation: number;
    readonly accepts: (settings: Readonly<Record<string, string | number | boolean>>) => string | null;
  },
): TuningProblem[] {
  const { task, learner, settings, validation, accepts } = training;
  const problems: TuningProblem[] = objectiveProblems(tune, task, learner.kind).map(({ path, message }) => ({
    path: ['tune', ...path],
    message,
  }));
  if (validation === 0 && tune.folds === undefined)
    problems.push({
      path: ['tune'],
      message:
        'trials are judged on the validation part: set split.validation above 0, or judge them by folds (tune.folds)',
    });
  // Folds would stop early, and the model that is kept could not: it would learn longer than was found to be good.
  if (validation === 0 && (learner['earlyStopping'] !== undefined || 'earlyStopping' in tune.space))
    problems.push({
      path: ['learner', 'earlyStopping'],
      message: 'learning stops early by the validation part: set split.validation above 0, or leave it out',
    });
  if (tuningGoal(task, tune.metric) === null) {
    const known = metricsOf(task).join(', ');
    problems.push({
      path: ['tune', 'metric'],
      message: `a ${task} label has no metric "${tune.metric}"; there are ${known}`,
    });
  }
  if (Object.keys(tune.space).length === 0)
    problems.push({ path: ['tune', 'space'], message: 'name at least one hyperparameter' });
  for (const [name, dimension] of Object.entries(tune.space)) {
    const path = ['tune', 'space', name];
    if (!settings.includes(name)) {
      const nearest = nearestName(name, settings);
      const known =
        settings.length === 0 ? 'give it a value in learner.parameters' : `it has ${settings.join(', ')}`;
      const hint = nearest === null ? known : `did you mean ${nearest}?`;
      problems.push({
        path,
        message: `the learner ${learner.kind} has no setting "${name}": ${hint}`,
      });
      continue;
    }
    for (const value of extremes(dimension)) {
      const refusal = accepts({ [name]: value });
      if (refusal === null) continue;
      problems.push({ path, message: `${String(value)} is not a value of ${name}: ${refusal}` });
      break;
    }
  }
  return problems;
}

/** Bounds, or all options of a choice. */
const extremes = (dimension: TuningDimension): readonly (string | number | boolean)[] =>
  dimension.choice ?? dimension.int ?? dimension.logInt ?? dimension.uniform ?? dimension.logUniform ?? [];

import { z } from 'zod';
import { nearestName } from '../nearest-name.ts';
import {
  costMetrics,
  type LabelTask,
  type LearnerKind,
  metricsOf,
  type TuningGoal,
  tuningGoal,
} from '../tuning-goal.ts';

/** One of several things that a search makes better at once. */
export const tuningObjective = z.strictObject({
  /** A metric of the task, or what a model costs. */
  metric: z.string(),
  /** As the metric asks for unless said. */
  direction: z.enum(['minimize', 'maximize']).optional(),
});

/** Which trial of the Pareto front becomes the model; the best of the first objective unless said. */
export const tuningChoice = z.union([
  /** The nearest to the best of all objectives at once, each between its best and worst of the front. */
  z.literal('knee'),
  z.strictObject({
    /** The objective whose best is taken. */
    metric: z.string(),
    /** Among those whose first objective is at most so much worse than the best; among all unless said. */
    within: z.number().positive().optional(),
  }),
]);

export type TuningObjective = z.infer<typeof tuningObjective>;
export type TuningChoice = z.infer<typeof tuningChoice>;
/** What a search is judged by, the first objective first. */
export type Goals = readonly [TuningGoal, ...TuningGoal[]];

/** What objectives are judged by; null for a metric that neither the task nor the learner has. */
const objectiveGoal = (task: LabelTask, learner: LearnerKind, metric: string): TuningGoal | null =>
  costMetrics(learner).includes(metric) ? { metric, isGreaterBetter: false } : tuningGoal(task, metric);

/** All that a checked search is judged by, the first objective first. */
export const goalsOf = (
  {
    metric,
    objectives,
  }: { readonly metric?: string | undefined; readonly objectives?: readonly TuningObjective[] | undefined },
  task: LabelTask,
  learner: LearnerKind,
): Goals => {
  const goals = objectives?.map((one) => objectiveGoal(task, learner, one.metric)!) ?? [];
  const [first = tuningGoal(task, metric)!, ...others] = goals;
  return [first, ...others];
};

export interface ObjectiveProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with the objectives as they are written, and with what is written beside them. */
export function objectiveProblems(
  tune: {
    readonly metric?: string | undefined;
    readonly pruner?: string | undefined;
    readonly objectives?: readonly TuningObjective[] | undefined;
    readonly choose?: TuningChoice | undefined;
  },
  task: LabelTask,
  learner: LearnerKind,
): ObjectiveProblem[] {
  const { metric, pruner, objectives, choose } = tune;
  if (objectives === undefined)
    return choose === undefined
      ? []
      : [
          {
            path: ['choose'],
            message: 'with one objective the best trial is kept: choose belongs to objectives',
          },
        ];
  const problems = objectives.flatMap((objective, at) =>
    problemOf(objective, objectives.slice(0, at), task, learner).map(({ path, message }) => ({
      path: ['objectives', String(at), ...path],
      message,
    })),
  );
  const refuse = (path: string, message: string): number => problems.push({ path: [path], message });
  if (metric !== undefined) refuse('metric', 'trials are judged by the objectives: leave out metric');
  if (pruner !== undefined && pruner !== 'none')
    refuse(
      'pruner',
      'a trial that is behind in one objective may lead in another: leave out pruner with several objectives, or say none',
    );
  if (typeof choose === 'object') {
    const names = objectives.map((one) => one.metric);
    if (!names.includes(choose.metric))
      refuse('choose', `"${choose.metric}" is no objective; there are ${names.join(', ')}`);
    else if (choose.within !== undefined && choose.metric === names[0])
      refuse(
        'choose',
        `within says how much of ${names[0]} may be given for another objective: name that one`,
      );
  }
  return problems;
}

function problemOf(
  { metric, direction }: TuningObjective,
  before: readonly TuningObjective[],
  task: LabelTask,
  learner: LearnerKind,
): ObjectiveProblem[] {
  const goal = objectiveGoal(task, learner, metric);
  if (goal === null) {
    const known = [...metricsOf(task), ...costMetrics(learner)];
    const nearest = nearestName(metric, known);
    const hint = nearest === null ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
    return [
      {
        path: ['metric'],
        message: `a ${task} label learned by ${learner} has no metric "${metric}": ${hint}`,
      },
    ];
  }
  if (before.some((other) => other.metric === metric))
    return [{ path: ['metric'], message: `${metric} is an objective already` }];
  const better = goal.isGreaterBetter ? 'maximize' : 'minimize';
  return direction === undefined || direction === better
    ? []
    : [
        {
          path: ['direction'],
          message: `${goal.isGreaterBetter ? 'more' : 'less'} ${metric} is better: ${better} it`,
        },
      ];
}

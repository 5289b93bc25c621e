import { costMetrics, FIT_SECONDS, isCost, type LabelTask, metricsOf } from '../../../shared/tuning-goal.ts';

export type LearnerKind = 'auto' | 'gbdt' | 'linear' | 'mlp';

/** How a new training searches for the best settings, as chosen. */
export interface SearchForm {
  readonly learner: LearnerKind;
  /** Trials of a search for the best settings; 0 for none. Of `auto` among all learners. */
  readonly trials: number;
  /** Parts of the training rows that trials are judged on in turn; 0 for the validation part. */
  readonly folds: number;
  /** Such as 10m. */
  readonly timeLimit: string;
  /** What trials are judged by, the first the most; none takes the most telling metric of the label. */
  readonly objectives: readonly string[];
  /** Of several objectives: empty for the best of the first, `knee`, or the objective whose best is taken. */
  readonly choose: string;
  /** How much of the first objective may be given for the chosen one, as text; empty for any. */
  readonly within: string;
}

export const MOST_OBJECTIVES = 3;

type OneLearner = Exclude<LearnerKind, 'auto'>;

/** A cost is offered where what the search varies changes it: the size of a network is in none of its spaces. */
const CHANGED_COSTS: Readonly<Record<OneLearner, readonly string[]>> = {
  gbdt: costMetrics('gbdt'),
  linear: [FIT_SECONDS, 'parameters'],
  mlp: [FIT_SECONDS],
};

export const isSearching = ({ learner, trials }: SearchForm): boolean => learner === 'auto' || trials > 0;

export interface OfferedObjectives {
  /** Metrics of the label, the most telling first. */
  readonly quality: readonly string[];
  /** What the model costs; nothing where all learners are tried, which are judged by one metric. */
  readonly costs: readonly string[];
}

export const offeredObjectives = (learner: LearnerKind, task: LabelTask): OfferedObjectives => ({
  quality: metricsOf(task),
  costs: learner === 'auto' ? [] : CHANGED_COSTS[learner],
});

/** What trials are judged by: of the chosen ones those that this label and learner have, a metric of the label first. */
export function objectivesOf({ learner, objectives }: SearchForm, task: LabelTask): readonly string[] {
  const { quality, costs } = offeredObjectives(learner, task);
  const first = objectives.find((name) => quality.includes(name)) ?? quality[0]!;
  const further = objectives.filter((name) => quality.includes(name) || costs.includes(name));
  return [...new Set([first, ...further])].slice(0, learner === 'auto' ? 1 : MOST_OBJECTIVES);
}

interface TunedForm extends SearchForm {
  readonly learner: OneLearner;
  /** Of the learner, as text. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a definition says of a search with one learner. */
export function tuneOf(form: TunedForm, task: LabelTask): object {
  const { trials, timeLimit } = form;
  return { ...judgedBy(form, task), trials, ...foldsOf(form), timeLimit, space: spaceOf(form, task) };
}

/** What a definition says of a search with all learners. */
export function autoOf(form: SearchForm, task: LabelTask): object {
  const { trials, timeLimit } = form;
  return {
    kind: 'auto',
    ...metricOf(objectivesOf(form, task), task),
    timeLimit,
    ...(trials === 0 ? {} : { trials }),
    ...foldsOf(form),
  };
}

const foldsOf = ({ folds }: SearchForm): { readonly folds?: number } => (folds === 0 ? {} : { folds });

/** The most telling one is meant where none is named. */
const metricOf = ([metric]: readonly string[], task: LabelTask): { readonly metric?: string } =>
  metric === undefined || metric === metricsOf(task)[0] ? {} : { metric };

function judgedBy(form: SearchForm, task: LabelTask): object {
  const objectives = objectivesOf(form, task);
  if (objectives.length === 1) return metricOf(objectives, task);
  return { objectives: objectives.map((metric) => ({ metric })), ...choiceOf(form, objectives) };
}

function choiceOf({ choose, within }: SearchForm, objectives: readonly string[]): object {
  if (choose === 'knee') return { choose };
  if (!objectives.slice(1).includes(choose)) return {};
  return { choose: { metric: choose, ...(within.trim() === '' ? {} : { within: numberOr(within) }) } };
}

/** What is no number is refused by the engine, in its words. */
const numberOr = (text: string): number | string => {
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
};

/** What a search varies: what matters most to each learner. */
const SPACES: Readonly<Record<OneLearner, object>> = {
  gbdt: {
    leaves: { logInt: [4, 128] },
    learningRate: { logUniform: [0.02, 0.3] },
    minRowsPerLeaf: { logInt: [5, 200] },
    columnSampling: { uniform: [0.6, 1] },
  },
  linear: { l2: { logUniform: [0.001, 1000] } },
  mlp: {
    learningRate: { logUniform: [0.0003, 0.03] },
    dropout: { uniform: [0, 0.4] },
    weightDecay: { logUniform: [0.000001, 0.01] },
  },
};

/** What makes a model smaller, where that is looked for. */
const SIZES: Readonly<Partial<Record<OneLearner, object>>> = {
  gbdt: { trees: { logInt: [10, 500] } },
  linear: { l1: { logUniform: [0.001, 1000] } },
};

function spaceOf(form: TunedForm, task: LabelTask): object {
  const { learner, settings } = form;
  if (!objectivesOf(form, task).some(isCost)) return SPACES[learner];
  // What was set by hand stays as it was set.
  const sizes = Object.entries(SIZES[learner] ?? {}).filter(([name]) => (settings[name] ?? '').trim() === '');
  return { ...Object.fromEntries(sizes), ...SPACES[learner] };
}

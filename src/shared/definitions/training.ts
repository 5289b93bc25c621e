import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { runDifference } from '../run-difference.ts';
import { tuningGoal } from '../tuning-goal.ts';
import { type PythonLearner, pythonLearner } from './python-learner.ts';
import { durationText, foldCount, tuneFields, tuningProblems } from './tuning.ts';

const classWeights = z.union([z.literal('balanced'), z.array(z.number().positive()).min(2)]);

export const gbdtLearner = z
  .strictObject({
    kind: z.literal('gbdt'),
    trees: z.number().int().min(1).max(10_000).default(200),
    leaves: z.number().int().min(2).max(255).default(31),
    maxDepth: z.number().int().min(1).optional(),
    learningRate: z.number().positive().max(1).default(0.1),
    minRowsPerLeaf: z.number().int().min(1).default(20),
    /** Least sum of the loss's second derivatives in a leaf. */
    minChildWeight: z.number().min(0).default(0.001),
    l1: z.number().min(0).default(0),
    l2: z.number().min(0).default(0),
    maxBins: z.number().int().min(2).max(255).default(255),
    /** Chance of each row to take part in a round; share of the features that a tree may use. */
    rowSampling: z.number().positive().max(1).default(1),
    columnSampling: z.number().positive().max(1).default(1),
    earlyStopping: z.number().int().min(1).optional(),
    /** What is minimised when a number is predicted; squared unless said. */
    objective: z.enum(['squared', 'absolute', 'quantile', 'poisson', 'huber']).optional(),
    /** The quantile that is predicted. */
    alpha: z.number().gt(0).lt(1).optional(),
    /** Distance from the label beyond which Huber's loss grows linearly. */
    delta: z.number().positive().optional(),
    /** Text columns as categories, or as the label's mean of each text. */
    categories: z.enum(['native', 'mean']).default('native'),
    /** Features whose rise must never lower the prediction, or never raise it. */
    monotone: z.record(z.string(), z.enum(['increasing', 'decreasing'])).optional(),
    /** For a classifier: a factor for the rows of each class in their order, or all made to count the same. */
    classWeights: classWeights.optional(),
  })
  .superRefine((learner, context) => {
    for (const [option, objective] of [
      ['alpha', 'quantile'],
      ['delta', 'huber'],
    ] as const) {
      if ((learner[option] !== undefined) === (learner.objective === objective)) continue;
      context.addIssue({
        code: 'custom',
        path: [option],
        message: `${option} belongs to the objective ${objective}, which needs it`,
      });
    }
  });

export const linearLearner = z.strictObject({
  kind: z.literal('linear'),
  /** Above 0, features that help little are dropped. */
  l1: z.number().min(0).default(0),
  l2: z.number().min(0).default(1),
  maxIterations: z.number().int().min(1).max(1000).default(100),
  classWeights: classWeights.optional(),
});

export const mlpLearner = z.strictObject({
  kind: z.literal('mlp'),
  /** Units of each hidden layer. */
  hidden: z.array(z.number().int().min(1).max(8192)).max(20).default([64, 32]),
  /** Share of each hidden layer's units that a step leaves out. */
  dropout: z.number().min(0).lt(1).default(0),
  batchNorm: z.boolean().default(true),
  epochs: z.number().int().min(1).max(10_000).default(20),
  batchRows: z.number().int().min(2).max(65_536).default(256),
  learningRate: z.number().positive().max(10).default(0.001),
  /** How the learning rate falls: not at all, along half a cosine, or by a factor every so many epochs. */
  schedule: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant') }),
      z.strictObject({ kind: z.literal('cosine') }),
      z.strictObject({
        kind: z.literal('step'),
        epochs: z.number().int().min(1),
        factor: z.number().positive().max(1),
      }),
    ])
    .default({ kind: 'cosine' }),
  warmupSteps: z.number().int().min(0).default(0),
  optimizer: z.enum(['adam', 'adamw']).default('adamw'),
  weightDecay: z.number().min(0).default(0.0001),
  /** Epochs without a better validation loss after which learning stops. */
  earlyStopping: z.number().int().min(1).optional(),
  classWeights: classWeights.optional(),
  /**
   * What learns: a GPU through WebGPU where one is proved to be faster than the CPU, which is what `auto` means and what is done
   * unless said; the CPU; or a GPU and nothing else.
   */
  device: z.enum(['auto', 'cpu', 'webgpu']).optional(),
  /** Time between two checkpoints from which a stopped training goes on; 30 unless said. */
  checkpointSeconds: z.number().min(0.01).max(86_400).optional(),
});

const wish = z.discriminatedUnion('goal', [
  z.strictObject({ goal: z.literal('f1') }),
  z.strictObject({ goal: z.literal('precision'), least: z.number().gt(0).max(1) }),
  z.strictObject({ goal: z.literal('recall'), least: z.number().gt(0).max(1) }),
  z.strictObject({
    goal: z.literal('cost'),
    falsePositive: z.number().min(0),
    falseNegative: z.number().min(0),
  }),
]);

/** How a model is measured on the hold-out; what is left out has a sensible default. */
const evaluateFields = z.strictObject({
  /** Columns by whose values the figures are given apart; text features of few values unless said. */
  slices: z.array(z.string()).max(20).optional(),
  bootstrap: z
    .strictObject({
      /** 0 for no intervals. */
      resamples: z.number().int().min(0).max(2000).default(200),
      confidence: z.number().min(0.5).max(0.999).default(0.95),
    })
    .optional(),
  /** The chance from which up yes is the answer, or what it shall serve; the highest F1 on the validation part unless said. */
  threshold: z.union([z.number().min(0).max(1), wish]).optional(),
});

/** How one feature becomes numbers: texts take `encode`, times `parts`, numbers the others. */
const preprocessColumn = z
  .strictObject({
    /** What stands for a missing number. */
    impute: z.enum(['mean', 'median', 'zero']).optional(),
    /** To mean 0 and deviation 1 over the training part. */
    scale: z.boolean().optional(),
    /** A further column that says where the number is missing. */
    indicator: z.boolean().optional(),
    encode: z.enum(['oneHot', 'ordinal', 'target', 'hash']).optional(),
    /** Texts with a column of their own, the most frequent ones. */
    most: z.number().int().min(1).max(10_000).optional(),
    /** Columns among which the texts are spread by their hash. */
    buckets: z.number().int().min(1).max(4096).optional(),
    parts: z
      .array(z.enum(['days', 'hour', 'weekday', 'month', 'dayOfMonth']))
      .min(1)
      .optional(),
  })
  .superRefine(({ encode, most, buckets, parts, ...numeric }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    const kinds = [
      encode !== undefined,
      parts !== undefined,
      Object.values(numeric).some((one) => one !== undefined),
    ];
    if (kinds.filter(Boolean).length !== 1)
      refuse('a column takes encode, or parts, or some of impute, scale and indicator');
    if (most !== undefined && encode !== 'oneHot') refuse('most belongs to encode: oneHot');
    if (buckets !== undefined && encode !== 'hash') refuse('buckets belongs to encode: hash');
  });

/** Tries the learners, each with a search of its own, and learns with the best. */
export const autoLearner = z.strictObject({
  kind: z.literal('auto'),
  /** Shared among the learners. */
  timeLimit: durationText.default('10m'),
  trials: z.number().int().min(3).max(10_000).default(30),
  metric: z.string().optional(),
  /** Judges by as many folds of the training part in place of the validation part. */
  folds: foldCount.optional(),
});

const trainingFields = z.strictObject({
  kind: z.literal('Training'),
  name: nameSchema,
  service: nameSchema.optional(),
  /** Columns of the entities' dataset that are features as they stand. */
  columns: z.array(z.string()).default([]),
  /** Row-wise DuckDB expressions over the entities' columns. */
  expressions: z.array(z.strictObject({ name: nameSchema, expression: z.string() })).default([]),
  entities: z.strictObject({ dataset: nameSchema, eventTime: z.string().optional() }),
  asKnown: z.literal('row').optional(),
  label: z.strictObject({ column: z.string(), expression: z.string().optional() }),
  /** Column that says how much each row counts while learning: numbers from 0 up. */
  weight: z.string().optional(),
  task: z.enum(['binary', 'multiclass', 'regression']),
  split: z
    .strictObject({
      by: z.enum(['time', 'random', 'group']).default('time'),
      /** Column whose rows of one value stay in one part, for `by: group`. */
      group: z.string().optional(),
      test: z.number().min(0.01).max(0.9).default(0.2),
      validation: z.number().min(0).max(0.5).default(0.1),
    })
    .prefault({}),
  /** Column whose label mean on the training part is the baseline's prediction. */
  baseline: z.strictObject({ groupBy: z.string() }).optional(),
  learner: z.union([
    z.literal('auto'),
    z.discriminatedUnion('kind', [gbdtLearner, linearLearner, mlpLearner, pythonLearner, autoLearner]),
  ]),
  /** By feature; what is not named is prepared as suits the learner. All of it is part of the exported model. */
  preprocess: z.record(z.string(), preprocessColumn).optional(),
  /** Corrects the chances of a yes on the validation part: by a logistic curve, or by one that only rises. */
  calibrate: z.enum(['platt', 'isotonic']).optional(),
  evaluate: evaluateFields.optional(),
  /** Searches for the learner's best settings before it learns with them. */
  tune: tuneFields.optional(),
  seed: z.number().int().default(7),
  experiment: nameSchema.optional(),
  register: z.strictObject({ model: nameSchema, alias: nameSchema.optional() }).optional(),
});

/** What no trial can change by itself: it shapes the rows that all trials learn from, or has no single value. */
const NOT_TUNED = new Set([
  'kind',
  'categories',
  'monotone',
  'hidden',
  'schedule',
  'device',
  'checkpointSeconds',
]);

function refuseMeasures(
  { task, calibrate, evaluate, split }: z.infer<typeof trainingFields>,
  refuse: (path: string[], message: string) => void,
): void {
  if (calibrate !== undefined && task !== 'binary')
    refuse(['calibrate'], 'calibration belongs to a label of two classes');
  if (calibrate !== undefined && split.validation === 0)
    refuse(['calibrate'], 'chances are calibrated on the validation part: set split.validation above 0');
  if ((split.by === 'group') !== (split.group !== undefined))
    refuse(['split', 'group'], 'split.group names the column of a split by group, which needs it');
  const { threshold } = evaluate ?? {};
  if (threshold !== undefined && task !== 'binary')
    refuse(['evaluate', 'threshold'], 'a threshold belongs to a label of two classes');
  if (typeof threshold === 'object' && split.validation === 0)
    refuse(
      ['evaluate', 'threshold'],
      'a threshold is chosen on the validation part: set split.validation above 0',
    );
}

export const trainingDefinition = trainingFields.superRefine((training, context) => {
  const { task, learner, split } = training;
  const refuse = (path: string[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  refuseMeasures(training, refuse);
  if (learner === 'auto' || learner.kind === 'auto') {
    if (split.validation === 0)
      refuse(['learner'], 'learners are compared on the validation part: set split.validation above 0');
    if (training.tune !== undefined) refuse(['tune'], 'the learner auto searches by itself: leave out tune');
    const metric = learner === 'auto' ? undefined : learner.metric;
    if (tuningGoal(task, metric) === null)
      refuse(['learner', 'metric'], `a ${task} label has no metric "${metric}"`);
    return;
  }
  if (task === 'multiclass' && learner.kind === 'gbdt' && learner.categories === 'mean')
    refuse(
      ['learner', 'categories'],
      'a label of many classes has no mean: leave out categories, or say native',
    );
  if (task === 'regression' && learner.kind !== 'python' && learner.classWeights !== undefined)
    refuse(['learner', 'classWeights'], 'class weights are for classes: weigh rows by a column');
  if (training.tune === undefined) return;
  const schema = { gbdt: gbdtLearner, linear: linearLearner, mlp: mlpLearner, python: pythonLearner }[
    learner.kind
  ];
  const problems = tuningProblems(training.tune, {
    task,
    learner,
    settings:
      learner.kind === 'python'
        ? Object.keys(learner.parameters)
        : Object.keys(schema.shape).filter((name) => !NOT_TUNED.has(name)),
    validation: split.validation,
    accepts: (settings) =>
      schema.safeParse(withSettings(learner, settings)).error?.issues[0]?.message ?? null,
  });
  for (const { path, message } of problems) refuse([...path], message);
});

/** The learner with other settings; those of a script are its parameters. */
export const withSettings = (
  learner: Learner,
  settings: Readonly<Record<string, string | number | boolean>>,
): Learner =>
  learner.kind === 'python'
    ? { ...learner, parameters: { ...learner.parameters, ...settings } }
    : ({ ...learner, ...settings } as Learner);

/** Whether a program of the person's own runs for it. */
export const startsProgram = ({
  learner,
}: {
  readonly learner: 'auto' | { readonly kind: string };
}): boolean => learner !== 'auto' && learner.kind === 'python';

export const isAuto = (training: TrainingDefinition | AutoTraining): training is AutoTraining =>
  training.learner.kind === 'auto';

/** The same training with the short form written out. */
export const spelledOut = (training: AnyTraining): TrainingDefinition | AutoTraining =>
  training.learner === 'auto'
    ? { ...training, learner: autoLearner.parse({ kind: 'auto' }) }
    : (training as TrainingDefinition | AutoTraining);

/** For definitions of ours, which name their learner. */
export function fixedLearner(training: AnyTraining): TrainingDefinition {
  const spelled = spelledOut(training);
  if (!isAuto(spelled)) return spelled;
  throw new TypeError(`The training "${training.name}" leaves its learner open.`);
}

export const trainResult = z.object({
  run: z.string(),
  model: z.object({ name: z.string(), version: z.number().int() }).nullable(),
  metrics: z.record(z.string(), z.number()),
  timingsMs: z.object({ load: z.number(), fit: z.number(), evaluate: z.number(), export: z.number() }),
  /** Of a training that repeats a run: what is not the same. */
  differences: z.array(runDifference).optional(),
  /** Of a training that was tuned: the run under which its trials lie, and what was found. */
  tuning: z
    .object({
      run: z.string(),
      trials: z.number().int(),
      pruned: z.number().int(),
      best: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      metric: z.string(),
      value: z.number(),
      /** Of a search of several objectives: what the kept trial reaches in each, and how many no other beats in all. */
      objectives: z.array(z.object({ metric: z.string(), value: z.number() })).optional(),
      front: z.number().int().optional(),
      /** Of the value, over the folds by which trials were judged, if they were. */
      deviation: z.number().optional(),
    })
    .optional(),
});

export type Task = z.infer<typeof trainingDefinition>['task'];
/** As it is written. */
export type AnyTraining = z.infer<typeof trainingDefinition>;
/** With a learner that can be fitted. */
export type TrainingDefinition = Omit<AnyTraining, 'learner'> & { readonly learner: Learner };
export type AutoTraining = Omit<AnyTraining, 'learner'> & { readonly learner: AutoLearner };
export type PreprocessColumn = z.infer<typeof preprocessColumn>;
export type CalibrationMethod = NonNullable<AnyTraining['calibrate']>;
export type Evaluate = z.infer<typeof evaluateFields>;
export type AutoLearner = z.infer<typeof autoLearner>;
export type Learner = Exclude<AnyTraining['learner'], 'auto' | AutoLearner>;
export type GbdtLearner = z.infer<typeof gbdtLearner>;
export type LinearLearner = z.infer<typeof linearLearner>;
export type MlpLearner = z.infer<typeof mlpLearner>;
export type { PythonLearner };
export type TrainResult = z.infer<typeof trainResult>;

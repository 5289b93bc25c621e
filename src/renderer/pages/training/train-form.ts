import type { JobPriority, JobScheduleInput } from '../../../shared/contract/types.ts';
import type { LabelTask } from '../../../shared/tuning-goal.ts';
import { shellWord } from '../../components/shell-word.ts';
import { autoOf, type SearchForm, tuneOf } from './search-form.ts';

export type SplitBy = 'time' | 'random' | 'group';

/** What the form of a new training holds, as chosen; its address says the same. Empty text is "not chosen". */
export interface TrainForm extends SearchForm {
  readonly name: string;
  readonly dataset: string;
  readonly service: string;
  /** Columns of the dataset that are features; null takes those that are likely. */
  readonly columns: readonly string[] | null;
  readonly eventTime: string;
  /** A column, or a rule over columns such as `delay > 15`. */
  readonly label: string;
  readonly rule: boolean;
  /** Empty: as the label's values say. */
  readonly task: LabelTask | '';
  readonly splitBy: SplitBy;
  readonly group: string;
  readonly testPercent: number;
  readonly validationPercent: number;
  /** Of the learner, as text, by their names in a definition; what is not here keeps its default. */
  readonly settings: Readonly<Record<string, string>>;
  /** Model under which the result is registered. */
  readonly model: string;
  readonly priority: JobPriority;
}

export const EMPTY_FORM: TrainForm = {
  name: '',
  dataset: '',
  service: '',
  columns: null,
  eventTime: '',
  label: '',
  rule: false,
  task: '',
  splitBy: 'time',
  group: '',
  testPercent: 20,
  validationPercent: 10,
  learner: 'auto',
  settings: {},
  trials: 0,
  folds: 0,
  timeLimit: '10m',
  objectives: [],
  choose: '',
  within: '',
  model: '',
  priority: 'normal',
};

/** The form that an address describes. */
export function formOf(search: string): TrainForm {
  const held = new URLSearchParams(search).get('form');
  if (held === null) return EMPTY_FORM;
  try {
    const parsed = JSON.parse(held) as Partial<TrainForm>;
    const known = Object.entries(parsed).filter(
      ([key, value]) => Object.hasOwn(EMPTY_FORM, key) && isAlike(value, EMPTY_FORM[key as keyof TrainForm]),
    );
    return { ...EMPTY_FORM, ...Object.fromEntries(known) };
  } catch {
    // An address that was cut or written by hand: the form begins anew.
    return EMPTY_FORM;
  }
}

const isAlike = (value: unknown, example: unknown): boolean => {
  if (Array.isArray(value))
    return (example === null || Array.isArray(example)) && value.every((one) => typeof one === 'string');
  if (value === null || example === null) return value === example;
  return typeof value === typeof example && !Array.isArray(example);
};

/** The address that describes a form; what is as at the start stays out of it. */
export function addressOf(form: TrainForm): string {
  const chosen = Object.fromEntries(
    Object.entries(form).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(EMPTY_FORM[key as keyof TrainForm]),
    ),
  );
  if (Object.keys(chosen).length === 0) return '/training/~new';
  return `/training/~new?${new URLSearchParams({ form: JSON.stringify(chosen) }).toString()}`;
}

/** What the data say where the form leaves it open. */
export interface Inferred {
  readonly task: LabelTask | null;
  readonly columns: readonly string[];
}

export type FormPart = 'data' | 'label' | 'features' | 'group' | 'name';

/** What is still missing, the first step first. */
export function missingOf(form: TrainForm, inferred: Inferred): FormPart[] {
  const missing: FormPart[] = [];
  if (form.dataset === '') missing.push('data');
  if (form.label === '' || taskOf(form, inferred) === null) missing.push('label');
  if (form.service === '' && columnsOf(form, inferred).length === 0) missing.push('features');
  if (form.splitBy === 'group' && form.group === '') missing.push('group');
  if (form.name === '') missing.push('name');
  return missing;
}

export const taskOf = (form: TrainForm, { task }: Inferred): LabelTask | null =>
  form.task === '' ? (form.rule ? 'binary' : task) : form.task;

/** With a service, further columns are only those that were chosen. */
export const columnsOf = (form: TrainForm, { columns }: Inferred): readonly string[] =>
  form.columns ?? (form.service === '' ? columns : []);

/** Name of the label column that a rule makes. */
const RULE_LABEL = 'label';

/** The definition that the form describes, with what differs from the defaults alone. */
export function definitionOf(form: TrainForm, inferred: Inferred): object {
  const columns = columnsOf(form, inferred);
  const task = taskOf(form, inferred) ?? 'binary';
  return {
    kind: 'Training',
    name: form.name === '' ? 'my-training' : form.name,
    ...(form.service === '' ? {} : { service: form.service }),
    ...(columns.length === 0 ? {} : { columns: [...columns] }),
    entities: {
      dataset: form.dataset,
      ...(form.eventTime === '' ? {} : { eventTime: form.eventTime }),
    },
    label: form.rule ? { column: RULE_LABEL, expression: form.label } : { column: form.label },
    task,
    split: splitOf(form),
    learner: form.learner === 'auto' ? autoOf(form, task) : learnerOf(form),
    ...(form.learner === 'auto' || form.trials === 0
      ? {}
      : { tune: tuneOf({ ...form, learner: form.learner }, task) }),
    ...(form.model === '' ? {} : { register: { model: form.model } }),
  };
}

const splitOf = ({ splitBy, group, testPercent, validationPercent }: TrainForm): object => ({
  by: splitBy,
  ...(splitBy === 'group' ? { group } : {}),
  test: testPercent / 100,
  validation: validationPercent / 100,
});

function learnerOf({ learner, settings }: TrainForm): object {
  const given = Object.entries(settings).filter(([, text]) => text.trim() !== '');
  return { kind: learner, ...Object.fromEntries(given.map(([name, text]) => [name, settingOf(text)])) };
}

/** `31` is a number, `balanced` a word, `64, 32` a list. */
function settingOf(text: string): unknown {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > 1) return parts.map(settingOf);
  const value = Number(text);
  if (text.trim() !== '' && !Number.isNaN(value)) return value;
  return text === 'true' ? true : text === 'false' ? false : text;
}

export const scheduleOf = ({ priority }: TrainForm): JobScheduleInput =>
  priority === 'normal' ? {} : { priority };

/** The command that does the same with the definition in a file. */
export const trainCommand = ({ name, priority }: TrainForm): string =>
  [
    `falaj train -f ${shellWord(`${name === '' ? 'my-training' : name}.yaml`)}`,
    ...(priority === 'normal' ? [] : ['--priority', priority]),
  ].join(' ');

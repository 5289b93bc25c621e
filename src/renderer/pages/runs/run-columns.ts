import type { Run } from '../../../shared/contract/types.ts';
import type { ChooserGroup } from '../../components/column-chooser.tsx';
import { tellingMetrics } from './verdict.ts';

/** Columns of the list beside status and name: `experiment`, `gain`, `started`, `duration`, `metric.auc`, `param.leaves`, `tag.owner`. */
export type RunColumn = string;

export interface RunNames {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

const COMMON_METRICS = 3;
const PLACES = ['experiment', 'metric', 'param', 'tag', 'gain', 'started', 'duration'];

/** Without a choice: where it belongs, the metrics that most runs are judged by, and how it went. */
export const usualColumns = (runs: readonly Run[]): RunColumn[] => [
  'experiment',
  ...commonMetrics(runs).map((name) => `metric.${name}`),
  'gain',
  'started',
  'duration',
];

/** The judging metrics that most runs have, most telling first. */
function commonMetrics(runs: readonly Run[]): string[] {
  const together = Object.assign({}, ...runs.map(({ metrics }) => metrics)) as Record<string, number>;
  return tellingMetrics(together)
    .filter((metric) => runs.filter((run) => run.metrics[metric] !== undefined).length * 3 >= runs.length)
    .slice(0, COMMON_METRICS);
}

/** A chosen set in the order of the table: what is of one kind stays together, in the order of its choice. */
export const inTableOrder = (columns: readonly RunColumn[]): RunColumn[] =>
  columns.toSorted((a, b) => placeOf(a) - placeOf(b));

const placeOf = (column: RunColumn): number => PLACES.indexOf(/^\w+/.exec(column)?.[0] ?? '');

type ColumnTitle =
  | 'run'
  | 'experiment'
  | 'versusBaseline'
  | 'started'
  | 'duration'
  | 'metrics'
  | 'params'
  | 'tags';

/** All there is to choose from. `title` translates a key below `runs`. */
export const columnGroups = (names: RunNames, title: (key: ColumnTitle) => string): ChooserGroup[] => [
  {
    title: title('run'),
    options: [
      { key: 'experiment', label: title('experiment') },
      { key: 'gain', label: title('versusBaseline') },
      { key: 'started', label: title('started') },
      { key: 'duration', label: title('duration') },
    ],
  },
  { title: title('metrics'), options: names.metrics.map((name) => ({ key: `metric.${name}`, label: name })) },
  { title: title('params'), options: names.params.map((name) => ({ key: `param.${name}`, label: name })) },
  { title: title('tags'), options: names.tags.map((name) => ({ key: `tag.${name}`, label: name })) },
];

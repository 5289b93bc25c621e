import type { RunTrial, RunTrials } from '../../shared/contract/types.ts';
import { type ExplainedSetting, explainedSettings } from '../../shared/explained-settings.ts';
import { clockTime } from './progress-display.ts';
import { formatNumber, type TextColumn, textTable } from './text-table.ts';

type TrialColumn = TextColumn<RunTrial>;

/** A search as text: how far it is, its trials, and what its settings explain. */
export const textSearch = (search: RunTrials, remainingMs: number | null): string =>
  search.trials.length === 0
    ? 'This run has no trials, and lies under no search.'
    : [
        searchLine(search, remainingMs),
        textTable(search.trials, columnsOf(search), ''),
        ...(search.importance.length === 0 ? [] : [textImportance(search.importance)]),
      ].join('\n\n');

/** `12 of 30 trials ended, 2 of them given up; 4 are running. Best auc 0.6178 (trial 5). 1:10 left.` */
function searchLine(search: RunTrials, remainingMs: number | null): string {
  const { planned, counts, metric, objectives, trials } = search;
  const ended = counts.finished + counts.pruned + counts.failed;
  const shares = [
    counts.pruned === 0 ? '' : `${formatNumber(counts.pruned)} given up`,
    counts.failed === 0 ? '' : `${formatNumber(counts.failed)} failed`,
  ].filter((text) => text !== '');
  const of = planned === null ? '' : ` of ${formatNumber(planned)}`;
  const [best] = trials;
  const sentences = [
    [
      `${formatNumber(ended)}${of} trials ended`,
      ...(shares.length === 0 ? [] : [`, of these ${shares.join(' and ')}`]),
      ...(counts.stopped === 0 ? [] : [`; ${formatNumber(counts.stopped)} cut off`]),
      ...(counts.running === 0 ? [] : [`; ${formatNumber(counts.running)} running`]),
    ].join(''),
    ...(best === undefined || best.value === null ? [] : [bestOf(best, { metric, objectives, trials })]),
    ...(remainingMs === null ? [] : [`${clockTime(remainingMs)} left`]),
  ];
  return `${sentences.join('. ')}.`;
}

function bestOf(
  best: RunTrial,
  { metric, objectives, trials }: Pick<RunTrials, 'metric' | 'objectives' | 'trials'>,
): string {
  if (objectives.length > 1) {
    const front = trials.filter(({ isOnFront }) => isOnFront).length;
    return `${formatNumber(front)} on the front, the best ${metric} ${formatNumber(best.value!)}`;
  }
  const deviation = best.deviation === null ? '' : ` ± ${formatNumber(best.deviation)}`;
  return `Best ${metric} ${formatNumber(best.value!)}${deviation}, trial ${best.number}`;
}

function columnsOf({ metric, objectives, folds, settings }: RunTrials): readonly TrialColumn[] {
  const further = objectives
    .slice(1)
    .map(({ name }): TrialColumn => [name, ({ figures }) => figures[name] ?? null, 'right']);
  const deviation: TrialColumn = ['±', (trial) => trial.deviation, 'right'];
  const front: TrialColumn = [
    'Front',
    ({ isOnFront, isKept }) => (isKept ? 'kept' : isOnFront ? 'yes' : null),
  ];
  return [
    ['Trial', ({ number }) => number, 'right'],
    [metric, ({ value }) => value, 'right'],
    ...(folds === null ? [] : [deviation]),
    ...further,
    ...(further.length === 0 ? [] : [front]),
    ...settings.map((name): TrialColumn => [name, (trial) => trial.settings[name] ?? null, 'right']),
    ['State', ({ state }) => state],
    ['Run', (trial) => trial.run],
  ];
}

function textImportance(importance: RunTrials['importance']): string {
  const { settings, together } = explainedSettings(importance);
  return textTable<ExplainedSetting>(
    [...settings, { name: '(together)', ...together }],
    [
      ['Setting', ({ name }) => name],
      ...importance.map(
        ({ metric }, at): TextColumn<ExplainedSetting> => [
          `Explains of ${metric}`,
          ({ shares }) => percent(shares[at] ?? null),
          'right',
        ],
      ),
    ],
    '',
  );
}

const percent = (share: number | null): string | null =>
  share === null ? null : `${(100 * share).toFixed(1)} %`;

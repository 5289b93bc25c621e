import type { Command } from 'commander';
import type { RunTrial, RunTrials } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { type TextColumn, textTable } from '../text-table.ts';

type TrialColumn = TextColumn<RunTrial>;

/** `falaj runs trials`, beside the other commands on runs. */
export function addTrialsCommand(runs: Command, run: CommandRunner): void {
  runs
    .command('trials')
    .description('the trials of a search, the best first')
    .argument('<id>', 'the run that they lie under')
    .option('--front', 'only those that no other beats in all objectives')
    .action((id: string, options: { readonly front?: boolean }, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const search = await client.runs.trials({ id });
        const trials = search.trials.filter(({ isOnFront }) => isOnFront || options.front !== true);
        context.out.result({ ...search, trials }, () => {
          const table = textTable(trials, columnsOf(search), 'This run has no trials.');
          return search.importance === null ? table : `${table}\n\n${importanceText(search.importance)}`;
        });
      }),
    );
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

function importanceText(importance: NonNullable<RunTrials['importance']>): string {
  const explained = importance.reduce((sum, { share }) => sum + share, 0);
  const rows = [...importance, { setting: '(together)', share: Math.max(0, 1 - explained) }];
  return textTable(
    rows,
    [
      ['Setting', ({ setting }) => setting],
      ['Explains', ({ share }) => `${(100 * share).toFixed(1)} %`, 'right'],
    ],
    '',
  );
}

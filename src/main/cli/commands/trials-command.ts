import type { Command } from 'commander';
import type { RunTrial, RunTrials } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { textTable } from '../text-table.ts';

/** Over the folds, whose mean the value is. */
const DEVIATION = ['±', ({ deviation }: RunTrial) => deviation, 'right'] as const;

/** `falaj runs trials`, beside the other commands on runs. */
export function addTrialsCommand(runs: Command, run: CommandRunner): void {
  runs
    .command('trials')
    .description('the trials of a search, the best first')
    .argument('<id>', 'the run that they lie under')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const search = await client.runs.trials({ id });
        context.out.result(search, () => {
          const table = textTable(
            [...search.trials],
            [
              ['Trial', (trial: RunTrial) => trial.number, 'right'],
              [search.metric, (trial: RunTrial) => trial.value, 'right'],
              ...(search.folds === null ? [] : [DEVIATION]),
              ...search.settings.map(
                (name) => [name, (trial: RunTrial) => trial.settings[name] ?? null, 'right'] as const,
              ),
              ['State', (trial: RunTrial) => trial.state],
              ['Run', (trial: RunTrial) => trial.run],
            ],
            'This run has no trials.',
          );
          return search.importance === null ? table : `${table}\n\n${importanceText(search.importance)}`;
        });
      }),
    );
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

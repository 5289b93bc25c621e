import type { Command } from 'commander';
import { type SearchedRun, searchOf } from '../../../shared/run-search.ts';
import type { CommandRunner } from '../command-runner.ts';
import { textTable } from '../text-table.ts';

/** As many as a search may have. */
const MOST_TRIALS = 10_000;

/** `falaj runs trials`, beside the other commands on runs. */
export function addTrialsCommand(runs: Command, run: CommandRunner): void {
  runs
    .command('trials')
    .description('the trials of a search, the best first')
    .argument('<id>', 'the run that they lie under')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const parent = await client.runs.get({ id });
        const search = searchOf(parent, await client.runs.list({ parent: id, limit: MOST_TRIALS }));
        context.out.result(search, () =>
          textTable(
            [...search.trials],
            [
              ['Trial', (trial: SearchedRun) => trial.number, 'right'],
              [search.metric, (trial: SearchedRun) => trial.value, 'right'],
              ...search.settings.map(
                (name) => [name, (trial: SearchedRun) => trial.settings[name] ?? null, 'right'] as const,
              ),
              ['State', (trial: SearchedRun) => trial.state],
              ['Run', (trial: SearchedRun) => trial.run],
            ],
            'This run has no trials.',
          ),
        );
      }),
    );
}

import type { Command } from 'commander';
import type { EngineClient } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { textSearch } from '../text-search.ts';

/** `falaj runs trials`, beside the other commands on runs. */
export function addTrialsCommand(runs: Command, run: CommandRunner): void {
  runs
    .command('trials')
    .description('the trials of a search, the best first, how far it is and what its settings explain')
    .argument('<id>', 'the search, one of its trials, or the run of its model')
    .option('--front', 'only those that no other beats in all objectives')
    .action((id: string, options: { readonly front?: boolean }, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const search = await client.runs.trials({ id });
        const remainingMs = context.out.json ? null : await remainingOf(client, search.run);
        const trials = search.trials.filter(({ isOnFront }) => isOnFront || options.front !== true);
        context.out.result({ ...search, trials }, () => textSearch({ ...search, trials }, remainingMs));
      }),
    );
}

/** Until the model is learned; null where nobody knows, or nothing runs. */
async function remainingOf(client: EngineClient, id: string): Promise<number | null> {
  const { status, tags } = await client.runs.get({ id });
  const job = tags['job'];
  if (status !== 'running' || job === undefined) return null;
  return (await client.jobs.get({ id: job })).progress?.remainingMs ?? null;
}

import type { Command } from 'commander';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandRunner } from '../command-runner.ts';

export function addImportCommand(program: Command, run: CommandRunner): void {
  program
    .command('import')
    .description('take over what another tool keeps')
    .command('mlflow')
    .description(
      'experiments and runs of MLflow, with their points and artifacts; runs that are here already are left',
    )
    .argument('<mlruns-dir>', 'the folder of its file store')
    .action((source: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        if (/^[a-z]+:\/\//i.test(source))
          throw new FalajError('BAD_INPUT', 'Only a folder can be imported so far, not a server.', {
            hint: 'Give the mlruns folder of the file store.',
          });
        const client = await context.open();
        const outcome = (await context.runJob(client, () =>
          client.runs.import({ dir: context.path(source) }),
        )) as { experiments: number; runs: number; skipped: number };
        context.out.result(
          outcome,
          () =>
            `Imported ${outcome.runs} runs of ${outcome.experiments} experiments; ${outcome.skipped} were here already.`,
        );
      }),
    );
}

import path from 'node:path';
import type { Command } from 'commander';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { countText } from '../text-table.ts';

type ImportInput = Parameters<EngineClient['runs']['import']>[0];

export function addImportCommand(program: Command, run: CommandRunner): void {
  const imports = program.command('import').description('take over what another tool keeps');

  imports
    .command('mlflow')
    .description(
      'experiments and runs of MLflow, with their points and artifacts; runs that are here already are left',
    )
    .argument('<source>', 'the mlruns folder of its file store, or the address of its server')
    .action((source: string, _options: unknown, command: Command) =>
      run(command, (context) =>
        importRuns(
          context,
          /^https?:\/\//i.test(source)
            ? { from: 'mlflow-server', ...serverOf(source, context.environment) }
            : { from: 'mlruns', dir: context.path(notAddress(source)) },
        ),
      ),
    );

  imports
    .command('tensorboard')
    .description("the scalars of TensorBoard's event files: each folder that has some is a run")
    .argument('<logdir>', 'the folder that TensorBoard is started with')
    .option('--experiment <name>', 'where the runs belong; else the name of the folder')
    .action((logdir: string, options: { experiment?: string }, command: Command) =>
      run(command, (context) => {
        const dir = context.path(logdir);
        return importRuns(context, {
          from: 'tensorboard',
          dir,
          experiment: options.experiment ?? path.basename(dir),
        });
      }),
    );

  imports
    .command('csv')
    .description('a table of metrics as a run: a column of numbers for each, and one of steps')
    .argument('<file>')
    .option('--experiment <name>', 'where the run belongs', 'Default')
    .option('--name <name>', "the run's name; else the file's")
    .option('--step <column>', 'the column of steps; else step, epoch or iteration, else rows are counted')
    .action((file: string, options: { experiment: string; name?: string; step?: string }, command: Command) =>
      run(command, (context) => importRuns(context, { from: 'csv', file: context.path(file), ...options })),
    );
}

async function importRuns(context: CommandContext, input: ImportInput): Promise<void> {
  const client = await context.open();
  const outcome = (await context.runJob(client, () => client.runs.import(input))) as {
    experiments: number;
    runs: number;
    skipped: number;
    pointsLeftOut: number;
  };
  context.out.result(
    outcome,
    () =>
      `Imported ${countText(outcome.runs, 'run')} of ${countText(outcome.experiments, 'experiment')}; ${outcome.skipped} were here already.${leftOut(outcome)}`,
  );
}

const leftOut = ({ pointsLeftOut }: { readonly pointsLeftOut: number }): string =>
  pointsLeftOut === 0
    ? ''
    : `\nLeft out ${pointsLeftOut} points with steps or times beyond 2^53; the job's log names their metrics.`;

function notAddress(source: string): string {
  if (!/^[a-z]+:\/\//i.test(source)) return source;
  throw new FalajError('BAD_INPUT', `"${source}" is neither a folder nor an http(s) address.`, {
    hint: 'Give the mlruns folder of the file store, or the address of the tracking server; start `mlflow server --backend-store-uri …` over a database.',
  });
}

/** The address without what it says of the person, and the credentials that MLflow's own client would send. */
function serverOf(source: string, environment: Readonly<Record<string, string | undefined>>) {
  const url = new URL(source);
  const token = environment['MLFLOW_TRACKING_TOKEN'];
  const username = decodeURIComponent(url.username) || environment['MLFLOW_TRACKING_USERNAME'];
  const password = decodeURIComponent(url.password) || environment['MLFLOW_TRACKING_PASSWORD'];
  url.username = '';
  url.password = '';
  const authorization =
    username !== undefined && username !== ''
      ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
      : token === undefined
        ? null
        : `Bearer ${token}`;
  return { url: url.href, authorization };
}

import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { onPath } from '../on-path.ts';
import { wholeNumber } from '../option-values.ts';
import { environmentOf, stayWith } from './script-commands.ts';

interface JupyterOptions {
  readonly experiment: string;
  readonly env?: string;
  readonly wheelhouse?: string;
  readonly gpus?: number;
  readonly cpus?: number;
}

const TOKEN_BYTES = 24;
/** Jupyter does not print a token that it was given. */
const HIDDEN_TOKEN = 'token=...';

/** `falaj jupyter`: the person's own JupyterLab, with the workspace's tracking server at hand. */
export function addJupyterCommand(program: Command, run: CommandRunner): void {
  addExamples(
    program
      .command('jupyter')
      .description('start your own JupyterLab with this workspace: MLflow in a notebook logs into it')
      .argument('[arguments...]', "JupyterLab's own, after --")
      .option('--experiment <name>', 'where its session belongs', 'Default')
      .option(
        '--env <file>',
        'requirements file with jupyterlab in it: runs in an environment of exactly these',
      )
      .option('--wheelhouse <dir>', 'folder of wheels to make the environment from, without a network')
      .option('--gpus <n>', 'how many it needs; it waits until they are free', wholeNumber(0, 64))
      .option('--cpus <n>', 'how many it needs: threads that numeric libraries start', wholeNumber(1, 4096))
      .action((given: string[], options: JupyterOptions, self: Command) =>
        run(self, (context) => jupyter(context, given, options)),
      ),
    ['falaj jupyter', 'falaj jupyter --env requirements.txt --gpus 1 -- --port 8899'],
  );
}

async function jupyter(
  context: CommandContext,
  given: readonly string[],
  options: JupyterOptions,
): Promise<void> {
  if (options.env === undefined) refuseWithoutJupyter(context);
  const client = await context.openInBackground();
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const result = await stayWith(
    context,
    client,
    () =>
      client.scripts.run({
        command: ['jupyter', 'lab', '--no-browser', ...given],
        workingDirectory: context.path('.'),
        environment: { ...environmentOf(context), JUPYTER_TOKEN: token },
        ownRuns: true,
        name: 'JupyterLab',
        experiment: options.experiment,
        ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
        ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
        ...(options.env === undefined ? {} : { requirements: context.path(options.env) }),
        ...(options.wheelhouse === undefined ? {} : { wheelhouse: context.path(options.wheelhouse) }),
      }),
    // On the terminal alone: the job's log keeps it hidden.
    (line) => line.replace(HIDDEN_TOKEN, `token=${token}`),
  );
  context.out.result(result, () => 'JupyterLab has ended.');
}

/** Before anything is started or recorded. */
function refuseWithoutJupyter(context: CommandContext): void {
  if (onPath('jupyter', context.environment) !== null) return;
  throw new FalajError('BAD_INPUT', 'JupyterLab was not found on the PATH.', {
    hint: 'Activate the environment that has it, install it (pip install jupyterlab), or name its packages: falaj jupyter --env requirements.txt',
  });
}

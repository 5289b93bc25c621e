import type { Command } from 'commander';
import type { z } from 'zod';
import type { trainResult } from '../../../shared/definitions/training.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { readDefinitionDocuments, trainingNames } from '../definition-documents.ts';
import { addExamples } from '../help-text.ts';
import { textFacts } from '../text-table.ts';
import { type ScheduleOptions, scheduleOf, withScheduleOptions } from './schedule-options.ts';
import { environmentOf } from './script-commands.ts';

interface TrainOptions extends ScheduleOptions {
  readonly file?: string;
  readonly on: string;
  readonly wait?: boolean;
  readonly wheelhouse?: string;
}

export function addTrainingCommands(program: Command, run: CommandRunner): void {
  addExamples(
    withScheduleOptions(
      program
        .command('train')
        .description('run a Training definition')
        .argument('[name]', 'a Training that was applied, or one of the file')
        .option('-f, --file <path>', 'definition files to apply first')
        .option('--on <target>', 'where it runs; there is only this machine so far', 'local')
        .option(
          '--wheelhouse <dir>',
          'folder of wheels to make the environment of a script from, without a network',
        )
        .option('--wait', 'stay until it has ended; else the engine goes on alone'),
    ).action((name: string | undefined, options: TrainOptions, command: Command) =>
      run(command, (context) => train(context, name, options)),
    ),
    [
      'falaj train -f falaj.yaml --wait        apply the definitions, train, and stay to the end',
      'falaj train delay-model                 train one that was applied; the engine goes on alone',
    ],
  );
}

async function train(
  context: CommandContext,
  given: string | undefined,
  options: TrainOptions,
): Promise<void> {
  if (options.on !== 'local') {
    throw new FalajError('NOT_FOUND', `There is no target "${options.on}".`, {
      hint: 'Leave --on out to train on this machine.',
    });
  }
  const documents =
    options.file === undefined ? [] : await readDefinitionDocuments(context.path(options.file));
  const names = trainingNames(documents);
  const open = () => (options.wait === true ? context.open() : context.openInBackground());
  // What is malformed, or defined twice, is told with its line rather than counted.
  if (given === undefined && documents.length > 0 && names.length !== 1)
    await (await open()).features.plan({ documents, prune: false });
  const name = trainingName(given, names, options.file);
  const client = await open();
  if (documents.length > 0) await client.features.apply({ documents, prune: false });
  const start = () =>
    client.training.start({
      name,
      schedule: scheduleOf(options),
      environment: environmentOf(context),
      ...(options.wheelhouse === undefined ? {} : { wheelhouse: context.path(options.wheelhouse) }),
    });
  if (options.wait !== true) {
    const started = await start();
    context.out.result(
      started,
      () => `Training ${name} as job ${started.job}. Follow it with: falaj jobs logs ${started.job} --follow`,
    );
    return;
  }
  const result = (await context.runJob(client, start)) as z.infer<typeof trainResult>;
  context.out.result(result, () =>
    textFacts([
      ['Run', result.run],
      ['Model', result.model === null ? null : `${result.model.name}:${result.model.version}`],
      ...searchFacts(result),
      ...Object.entries(result.metrics),
      ...Object.entries(result.timingsMs).map(
        ([step, timeMs]) => [`${step} (ms)`, Math.round(timeMs)] as const,
      ),
    ]),
  );
}

/** What a search found, if there was one. */
const searchFacts = ({ tuning }: z.infer<typeof trainResult>): [string, string | number][] =>
  tuning === undefined
    ? []
    : [
        [
          'Trials',
          `${tuning.trials}, ${tuning.pruned} given up; see them with: falaj runs trials ${tuning.run}`,
        ],
        [
          `Best ${tuning.metric} (${tuning.deviation === undefined ? 'validation' : 'mean of folds'})`,
          tuning.value,
        ],
        ...(tuning.deviation === undefined ? [] : [['± over folds', tuning.deviation] as [string, number]]),
        ...(tuning.objectives ?? [])
          .slice(1)
          .map(({ metric, value }): [string, number] => [`Its ${metric}`, value]),
        ...(tuning.front === undefined
          ? []
          : [['Pareto front', `${tuning.front} trials: --front shows them alone`] as [string, string]]),
        ...Object.entries(tuning.best).map(([name, value]): [string, string] => [
          `Best ${name}`,
          String(value),
        ]),
      ];

function trainingName(
  given: string | undefined,
  inFile: readonly string[],
  file: string | undefined,
): string {
  if (given !== undefined) return given;
  if (inFile.length === 1) return inFile[0]!;
  throw new FalajError(
    'BAD_INPUT',
    file === undefined ? 'Which Training?' : `${file} holds ${inFile.length} Training definitions.`,
    {
      hint:
        inFile.length > 1 ? `Name one: ${inFile.join(', ')}.` : 'falaj train NAME, or falaj train -f FILE',
    },
  );
}

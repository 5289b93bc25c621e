import type { Command } from 'commander';
import type { z } from 'zod';
import type { scriptResult } from '../../../shared/contract/scripts.ts';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { parseSize } from '../../../shared/units.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { outcome } from '../follow-job.ts';
import { followLogs } from '../follow-logs.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { textTable } from '../text-table.ts';
import { type ScheduleOptions, scheduleOf, withScheduleOptions } from './schedule-options.ts';

interface ScriptOptions extends ScheduleOptions {
  readonly on: string;
  readonly experiment: string;
  readonly name?: string;
  readonly gpus?: number;
  readonly gpuMemory?: string;
  readonly cpus?: number;
  readonly memory?: string;
  readonly env?: string;
  readonly wheelhouse?: string;
  readonly detach?: boolean;
  readonly ownRuns?: boolean;
}

type ScriptResult = z.infer<typeof scriptResult>;

export function addScriptCommands(program: Command, run: CommandRunner): void {
  addExamples(
    withScheduleOptions(
      program
        .command('run')
        .description(
          'run any program as a tracked run: its code, packages, output, metrics and load are kept',
        )
        .argument('<command...>', 'the program and its arguments, after --')
        .option('--on <target>', 'where it runs; there is only this machine so far', 'local')
        .option('--experiment <name>', 'where its run belongs', 'Default')
        .option('--name <name>', "the run's name; else the script's")
        .option('--gpus <n>', 'how many it needs; it waits until they are free', wholeNumber(0, 64))
        .option(
          '--gpu-memory <size>',
          'of each GPU, such as 10GiB, and shares the rest; else it has them whole',
        )
        .option('--cpus <n>', 'how many it needs: threads that numeric libraries start', wholeNumber(1, 4096))
        .option('--memory <size>', 'what it will need, such as 8GiB; it waits until so much is free')
        .option(
          '--env <file>',
          'requirements file: runs in an environment of exactly these packages, made once',
        )
        .option('--wheelhouse <dir>', 'folder of wheels to make the environment from, without a network')
        .option('--own-runs', 'it begins MLflow runs of its own; else all that it logs goes into this one')
        .option('--detach', 'do not wait for its end'),
    ).action((command: string[], options: ScriptOptions, self: Command) =>
      run(self, (context) => runScript(context, command, options)),
    ),
    [
      'falaj run -- python train.py --epochs 10',
      'falaj run --experiment vision --gpus 1 --env requirements.txt -- python train.py',
      'falaj run --detach --retries 3 --time-limit 12h -- Rscript fit.R',
    ],
  );
}

/** `falaj runs rerun`, beside the other commands on runs. */
export function addRerunCommand(runs: Command, run: CommandRunner): void {
  runs
    .command('rerun')
    .description('run again what falaj run or a training by a script ran, and tell what differs')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.openInBackground();
        const result = await stayWith(context, client, () =>
          client.scripts.rerun({ id, environment: environmentOf(context) }),
        );
        context.out.result(result, () => textDifferences(id, result));
      }),
    );
}

async function runScript(
  context: CommandContext,
  command: readonly string[],
  options: ScriptOptions,
): Promise<void> {
  if (options.on !== 'local') {
    throw new FalajError('NOT_FOUND', `There is no target "${options.on}".`, {
      hint: 'Leave --on out to run on this machine.',
    });
  }
  const client = await context.openInBackground();
  const start = () =>
    client.scripts.run({
      command: [...command],
      workingDirectory: context.path('.'),
      environment: environmentOf(context),
      experiment: options.experiment,
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
      ...(options.gpus === undefined ? {} : { gpus: options.gpus }),
      ...(options.gpuMemory === undefined ? {} : { gpuMemoryBytes: parseSize(options.gpuMemory) }),
      schedule: scheduleOf(options),
      ...(options.ownRuns === true ? { ownRuns: true } : {}),
      ...(options.memory === undefined ? {} : { memoryBytes: parseSize(options.memory) }),
      ...(options.env === undefined ? {} : { requirements: context.path(options.env) }),
      ...(options.wheelhouse === undefined ? {} : { wheelhouse: context.path(options.wheelhouse) }),
    });
  if (options.detach === true) {
    const started = await start();
    context.out.result(started, () => textDetached(started.job));
    return;
  }
  const result = await stayWith(context, client, start);
  context.out.result(
    result,
    () => `Run ${result.run} finished in ${(result.durationMs / 1000).toFixed(1)} s.`,
  );
}

export const textDetached = (job: string): string =>
  `Runs as job ${job}. Follow it with: falaj jobs logs ${job} --follow`;

/** Shows what the program says until it ends; Ctrl-C ends it, and its end is awaited. */
export async function stayWith(
  context: CommandContext,
  client: EngineClient,
  start: () => Promise<{ job: string }>,
  shown: (line: string) => string = (line) => line,
): Promise<ScriptResult> {
  const startedAt = Date.now();
  const { job: id } = await start();
  const cancel = (): void => void client.jobs.cancel({ id }).catch(context.report);
  if (context.signal.aborted) cancel();
  context.signal.addEventListener('abort', cancel, { once: true });
  try {
    await followLogs({
      client,
      id,
      show: ({ at, level, text }) => {
        if (Date.parse(at) < startedAt) return; // of an earlier attempt
        if (level === 'info') context.out.line(shown(text));
        else if (level !== 'error') context.out.note(text);
      },
      // Not the person's signal: the program's last words are waited for.
      signal: new AbortController().signal,
    });
  } finally {
    context.signal.removeEventListener('abort', cancel);
  }
  return outcome(await client.jobs.get({ id })) as ScriptResult;
}

export const environmentOf = (context: CommandContext): Record<string, string> =>
  Object.fromEntries(
    Object.entries(context.environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

const textDifferences = (id: string, { run, differences }: ScriptResult): string =>
  [
    `Run ${run} repeats ${id}.`,
    '',
    textTable(
      differences ?? [],
      [
        ['What', (one) => one.what],
        ['Name', (one) => one.name],
        ['Before', (one) => one.before],
        ['Now', (one) => one.after],
      ],
      'Nothing differs: code, packages, machine, data, parameters and metrics are the same.',
    ),
  ].join('\n');

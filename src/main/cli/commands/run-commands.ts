import type { Command } from 'commander';
import type { Run } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandRunner } from '../command-runner.ts';
import { textRun } from '../text-run.ts';
import { textTable } from '../text-table.ts';
import { textCodeComparison } from './compare-code.ts';
import { textEvaluation } from './evaluation-text.ts';
import { addRunListCommand } from './run-list-command.ts';
import { addRerunCommand } from './script-commands.ts';
import { addTrialsCommand } from './trials-command.ts';

export function addRunCommands(program: Command, run: CommandRunner): void {
  program
    .command('experiments')
    .description('groups of runs')
    .command('ls')
    .description('the experiments')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const experiments = await (await context.open()).runs.experiments();
        context.out.result(experiments, () =>
          textTable(
            experiments,
            [
              ['Experiment', (experiment) => experiment.name],
              ['Runs', (experiment) => experiment.runs],
              ['Last run', (experiment) => experiment.lastRunAt],
            ],
            'There are no experiments yet.',
          ),
        );
      }),
    );

  const runs = program.command('runs').description('training runs: parameters, metrics, artifacts');

  addRunListCommand(runs, run);

  runs
    .command('show')
    .description('one run')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const item = await client.runs.get({ id });
        const evaluation = context.out.json ? null : await client.runs.evaluation({ id });
        context.out.result(item, () =>
          [textRun(item, evaluation), ...textEvaluation(evaluation)].join('\n\n'),
        );
      }),
    );

  runs
    .command('compare')
    .description('runs side by side: what differs, what came of it, and of two what they were started from')
    .argument('<ids...>')
    .action((ids: string[], _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const wanted = [...new Set(ids)];
        const items = await client.runs.several({ ids: wanted });
        const gone = wanted.find((id) => !items.some((item) => item.id === id));
        if (gone !== undefined)
          throw new FalajError('NOT_FOUND', `There is no run ${gone}.`, { hint: 'See `falaj runs ls`.' });
        const comparison = compareRuns(items);
        const [first, second, ...more] = items;
        const code =
          first === undefined || second === undefined || more.length > 0
            ? null
            : {
                before: await client.scripts.code({ id: first.id }),
                after: await client.scripts.code({ id: second.id }),
              };
        context.out.result(code === null ? comparison : { ...comparison, code }, () =>
          [textComparison(items, comparison), ...(code === null ? [] : textCodeComparison(code))].join(
            '\n\n',
          ),
        );
      }),
    );

  addRerunCommand(runs, run);
  addTrialsCommand(runs, run);

  runs
    .command('export')
    .description('write a run to a new folder: run.json, every point as CSV, the artifacts')
    .argument('<id>')
    .argument('<dir>')
    .action((id: string, dir: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const exported = (await context.runJob(client, () =>
          client.runs.export({ id, dir: context.path(dir) }),
        )) as { dir: string; files: number };
        context.out.result(exported, () => `Wrote ${exported.files} files to ${exported.dir}.`);
      }),
    );

  runs
    .command('rm')
    .description('remove a run')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const removed = await (await context.open()).runs.remove({ id });
        context.out.result(removed, () => `Removed run ${id}.`);
      }),
    );
}

interface Comparison {
  readonly runs: readonly string[];
  /** Parameters that are not the same in all, in the order of `runs`. */
  readonly params: Readonly<Record<string, readonly (string | null)[]>>;
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
  /** Tags that are not the same in all. */
  readonly tags: Readonly<Record<string, readonly (string | null)[]>>;
}

export function compareRuns(runs: readonly Run[]): Comparison {
  const across = <Value>(pick: (run: Run) => Record<string, Value>): Record<string, (Value | null)[]> => {
    const names = [...new Set(runs.flatMap((run) => Object.keys(pick(run))))].sort();
    return Object.fromEntries(names.map((name) => [name, runs.map((run) => pick(run)[name] ?? null)]));
  };
  const differing = (pick: (run: Run) => Record<string, string>) =>
    Object.fromEntries(Object.entries(across(pick)).filter(([, values]) => new Set(values).size > 1));
  return {
    runs: runs.map((run) => run.id),
    params: differing((run) => run.params),
    metrics: across((run) => run.metrics),
    tags: differing((run) => run.tags),
  };
}

const TERMINAL_COLUMNS = 100;

/** Runs side by side; one a line where that would be too wide, and is narrower. */
export function textComparison(runs: readonly Run[], comparison: Comparison): string {
  const { metrics, params, tags } = comparison;
  const rows = [...Object.entries(metrics), ...Object.entries(params), ...Object.entries(tags)];
  const isNamedOnce = ({ name }: Run): boolean => runs.filter((run) => run.name === name).length === 1;
  const title = (run: Run): string => (isNamedOnce(run) ? run.name : `${run.name} ${run.id.slice(0, 8)}`);
  const sideBySide = textTable(
    rows,
    [
      ['', ([name]) => name],
      ...runs.map(
        (run, index) =>
          [title(run), ([, values]: (typeof rows)[number]) => values[index] ?? null, 'right'] as const,
      ),
    ],
    'These runs differ in nothing.',
  );
  if (lineWidth(sideBySide) <= TERMINAL_COLUMNS) return sideBySide;
  const places = runs.map((run, index) => ({ run, index }));
  const oneALine = textTable(
    places,
    [
      ['Run', ({ run }) => title(run)],
      ...rows.map(
        ([name, values]) =>
          [name, ({ index }: (typeof places)[number]) => values[index] ?? null, 'right'] as const,
      ),
    ],
    '',
  );
  return lineWidth(oneALine) < lineWidth(sideBySide) ? oneALine : sideBySide;
}

const lineWidth = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

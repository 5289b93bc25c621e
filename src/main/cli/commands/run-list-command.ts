import { type Command, Option } from 'commander';
import type { EngineClient, Run } from '../../../shared/contract/types.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { type TextColumn, textTable } from '../text-table.ts';

interface ListOptions {
  readonly experiment?: string;
  readonly parent?: string;
  readonly filter?: string;
  readonly find?: string;
  readonly trials?: boolean;
  readonly orderBy: readonly string[];
  readonly columns?: string;
  readonly limit: number;
  readonly offset: number;
}

/** As many as one answer brings. */
const WINDOW = 1000;
const DEFAULT_COLUMNS = 'metrics.auc';

/** `falaj runs ls`, beside the other commands on runs. */
export function addRunListCommand(runs: Command, run: CommandRunner): void {
  addExamples(
    runs
      .command('ls')
      .alias('list')
      .description('runs, the newest first unless ordered otherwise')
      .option('--experiment <name>', 'of one experiment')
      .option('--parent <id>', 'the runs under another, such as the trials of a search')
      .option('--filter <filter>', "conditions in MLflow's filter language, joined by AND")
      .option('--find <text>', 'with this text in the name, the id, the experiment or a tag')
      .option('--trials', 'the trials of searches among the others')
      .addOption(
        new Option(
          '--order-by <key>',
          'metrics.NAME, params.NAME, tags.NAME or an attribute, with ASC or DESC; repeatable, the first counts most',
        )
          .argParser((item: string, before: readonly string[]) => [...before, item])
          .default([], 'the newest first'),
      )
      .option('--columns <keys>', 'what is shown, such as metrics.auc,params.leaves')
      .option('--limit <n>', 'how many', wholeNumber(1), 50)
      .option('--offset <n>', 'how many to leave out first', wholeNumber(0), 0)
      .action((options: ListOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          const { runs: list, total } = await windowsOf(client, options);
          if (list.length === 0 && options.experiment !== undefined)
            await noteUnknownExperiment(context, client, options.experiment);
          context.out.result(list, () => textTable(list, textColumns(options), noneText(options)));
          const left = total - options.offset - list.length;
          if (left > 0 && !context.out.json)
            context.out.note(`${left.toLocaleString('en')} more: give --limit or --offset.`);
        }),
      ),
    [
      `falaj runs ls --filter "metrics.auc > 0.9 and params.learner = 'gbdt'" --order-by "metrics.auc DESC"`,
      'falaj runs ls --experiment fraud --columns metrics.auc,params.leaves,tags.owner --limit 1000',
    ],
  );
}

/** An experiment may come into being later, so that asking for one that is not there is no error. */
async function noteUnknownExperiment(
  { out }: CommandContext,
  client: EngineClient,
  name: string,
): Promise<void> {
  const known = (await client.runs.experiments()).map((experiment) => experiment.name);
  if (known.includes(name)) return;
  out.note(
    `There is no experiment "${name}". ${nearestHint(name, known, '`falaj experiments ls` lists them.')}`,
  );
}

async function windowsOf(
  client: EngineClient,
  { orderBy, limit, offset, find, experiment, parent, filter, trials }: ListOptions,
): Promise<{ runs: Run[]; total: number }> {
  const list: Run[] = [];
  for (;;) {
    const { runs, total } = await client.runs.search({
      ...(experiment === undefined ? {} : { experiment }),
      ...(parent === undefined ? {} : { parent }),
      ...(filter === undefined ? {} : { filter }),
      ...(find === undefined ? {} : { text: find }),
      // Who asks for the runs under a search asks for its trials.
      trials: trials ?? parent !== undefined,
      orderBy: [...orderBy],
      offset: offset + list.length,
      limit: Math.min(WINDOW, limit - list.length),
    });
    list.push(...runs);
    if (runs.length === 0 || list.length >= limit || offset + list.length >= total)
      return { runs: list, total };
  }
}

const textColumns = ({ columns = DEFAULT_COLUMNS }: ListOptions): TextColumn<Run>[] => [
  ['Run', (item) => item.id],
  ['Name', (item) => item.name],
  ['Experiment', (item) => item.experiment],
  ['Status', (item) => item.status],
  ...columns
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key): TextColumn<Run> => [titleOf(key), (item) => figureOf(item, key)]),
  ['Started', (item) => item.startedAt],
];

const titleOf = (key: string): string => (key === DEFAULT_COLUMNS ? 'AUC' : key.replace(/^\w+\./, ''));

/** A key without an entity is a metric's, else a parameter's. */
function figureOf(run: Run, key: string): string | number | null {
  const [, entity, name] = /^(metrics?|params?|tags?)\.(.+)$/s.exec(key) ?? [];
  if (name === undefined) return run.metrics[key] ?? run.params[key] ?? null;
  if (entity!.startsWith('m')) return run.metrics[name] ?? null;
  return (entity!.startsWith('p') ? run.params[name] : run.tags[name]) ?? null;
}

const noneText = ({ experiment, parent, filter, find }: ListOptions): string =>
  [experiment, parent, filter, find].every((option) => option === undefined)
    ? 'There are no runs yet. Start one with `falaj train`.'
    : 'No run is like that.';

import type { Command } from 'commander';
import type { SetCheck, TrainingSetInfo, TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { textSetCheck } from '../text-set-check.ts';
import { textFacts, textTable } from '../text-table.ts';
import { textRows } from './rows-text.ts';

interface CheckOptions {
  readonly service?: string;
  readonly features?: string;
  readonly without?: string;
  readonly entities: string;
  readonly eventTime: string;
  readonly asKnown?: string;
  readonly label?: string;
  readonly rows: number;
}

/** Names separated by commas. */
export const listed = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((name) => name.trim());

/** Training sets before and after they are built. */
export function addTrainingSetCommands(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('check')
      .description('look at a training set before it is built, and for leaks in it; exit 3 when there is one')
      .option('--service <name>', 'a feature service')
      .option('--features <list>', 'view:feature, separated by commas')
      .option('--without <list>', 'columns of these to leave out: view__feature, separated by commas')
      .requiredOption('--entities <file>', 'the rows: entity keys and a time')
      .option('--event-time <column>', 'the rows’ time', 'event_time')
      .option('--as-known <time|row>', 'the cut-off of what was known')
      .option('--label <column>', 'the column that is to be predicted')
      .option('--rows <n>', 'how many rows to show', wholeNumber(1, 200), 10)
      .action((options: CheckOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          let job = '';
          const check = (await context.runJob(client, async () => {
            const started = await client.features.check({
              service: options.service,
              features: listed(options.features),
              without: listed(options.without),
              entities: context.path(options.entities),
              eventTime: options.eventTime,
              asKnown: options.asKnown,
              label: options.label,
              rows: options.rows,
            });
            job = started.job;
            return started;
          })) as SetCheck;
          const preview = await client.features.checkedRows({ job });
          context.out.result({ ...check, preview }, () => `${textRows(preview)}\n\n${textSetCheck(check)}`);
          return check.warnings.some(({ severity }) => severity === 'leak') ? FOUND_SOMETHING : 0;
        }),
      ),
    [
      'falaj features check --service delay_v1 --entities rows.csv --label late',
      'falaj features check --service delay_v1 --entities rows.csv --label late --as-known row --json',
    ],
  );

  features
    .command('sets')
    .description('the training sets that have a receipt, or the receipt of one')
    .argument('[id]', 'its id, as falaj lineage and this list name it')
    .action((id: string | undefined, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        if (id === undefined) {
          const sets = await client.features.sets();
          context.out.result(sets, () => textSets(sets));
          return;
        }
        const receipt = await client.features.receipt({ id });
        context.out.result(receipt, () => textReceipt(receipt));
      }),
    );
}

const textSets = (sets: readonly TrainingSetInfo[]): string =>
  textTable(
    sets,
    [
      ['Set', ({ id }) => id],
      ['Built', ({ builtAt }) => builtAt],
      ['Features', ({ service, features }) => service ?? features?.join(', ') ?? null],
      ['As known', ({ asKnown }) => asKnown ?? 'newest'],
      ['Rows', ({ rows }) => rows],
      ['Columns', ({ columns }) => columns],
      ['Run', ({ run }) => run],
    ],
    'There are no training sets with a receipt. `falaj features historical … --receipt FILE` builds one.',
  );

const textReceipt = ({ builtAt, run, query, spine, output, data, features }: TrainingSetReceipt): string =>
  [
    textFacts([
      ['Built', builtAt],
      ['Features', query.service ?? query.features?.join(', ') ?? null],
      ['Left out', query.without?.join(', ') ?? null],
      ['As known', query.asKnown ?? 'newest'],
      [
        'Entities',
        spine.source.kind === 'file' ? spine.source.file : `${spine.source.name}@${spine.source.version}`,
      ],
      ['Rows', output.rows],
      ['Content', `sha256 ${output.contentHash}`],
      ['Run', run],
    ]),
    '',
    textTable(
      data,
      [
        ['View', ({ view }) => view],
        ['Dataset', ({ name, version }) => `${name}@${version}`],
        ['Rows used', ({ sequence }) => sequence],
      ],
      'No data.',
    ),
    '',
    textTable(
      features,
      [
        ['Feature', ({ name }) => name],
        ['Nulls', ({ nulls }) => nulls],
        ['Expired', ({ expired }) => expired],
      ],
      'No features.',
    ),
  ].join('\n');

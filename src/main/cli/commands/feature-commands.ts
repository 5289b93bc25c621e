import { type Command, Option } from 'commander';
import type { ReceiptVerification } from '../../../shared/contract/types.ts';
import { describeRecipe } from '../../../shared/definitions/aggregates.ts';
import { parseKeptReceipt } from '../../../shared/kept-receipt.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { formatNumber, textFacts, textTable } from '../text-table.ts';
import { addAsOfCommand } from './as-of-command.ts';
import { addCatalogueCommand, viewSourceText } from './catalogue-command.ts';
import { addOnlineCommands } from './online-commands.ts';
import { textRows } from './rows-text.ts';
import { addServiceCommands } from './service-commands.ts';
import { addSkewCommand } from './skew-command.ts';
import { addStatsCommand } from './stats-command.ts';
import { addTrainingSetCommands, listed } from './training-set-commands.ts';

interface HistoricalOptions {
  readonly service?: string;
  readonly features?: string;
  readonly without?: string;
  readonly entities: string;
  readonly out: string;
  readonly eventTime: string;
  readonly asKnown?: string;
  readonly names: 'full' | 'feature';
  readonly receipt?: string;
}

interface VerifyOptions {
  readonly entities?: string;
  readonly out?: string;
}

export function addFeatureCommands(program: Command, run: CommandRunner): void {
  const features = program.command('features').description('feature views and what was known when');
  addOnlineCommands(features, run);
  addServiceCommands(features, run);
  addSkewCommand(features, run);
  addTrainingSetCommands(features, run);
  addAsOfCommand(features, run);
  addStatsCommand(features, run);

  addCatalogueCommand(features, run);

  features
    .command('show')
    .description('one feature view, with its versions and a few of its values')
    .argument('<view>', 'its name, or name@version')
    .option('--limit <n>', 'how many rows of values', wholeNumber(1, 200), 10)
    .action((name: string, options: { limit: number }, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const view = await client.features.view({ name });
        const hasHistory = view.definition.source.request === undefined;
        const sample =
          context.out.json || !hasHistory
            ? null
            : await client.features.sample({ name, limit: options.limit });
        context.out.result(view, () =>
          [
            textFacts([
              ['View', view.definition.name],
              ['Version', view.version],
              ['Entities', view.definition.entities.join(', ')],
              ['Source', viewSourceText(view.definition.source)],
              ...daysStartIn(view.definition.source.zone),
              ['Expires after', view.definition.ttl ?? 'never'],
              ['Owner', view.definition.owner ?? null],
            ]),
            '',
            textTable(
              view.definition.features,
              [
                ['Feature', (feature) => feature.name],
                ['Type', (feature) => feature.type],
                ['From', describeRecipe],
              ],
              'No features.',
            ),
            '',
            textTable(
              view.history,
              [
                ['Version', ({ version, inForce }) => `${version}${inForce ? ' (in force)' : ''}`],
                ['Applied', ({ appliedAt }) => appliedAt],
                ['Change', ({ differences }) => differences.join('; ')],
              ],
              'No versions.',
            ),
            ...(sample === null ? [] : ['', textRows(sample)]),
          ].join('\n'),
        );
      }),
    );

  addExamples(
    features
      .command('historical')
      .description('the features as they were known at each row’s time')
      .option('--service <name>', 'a feature service')
      .option('--features <list>', 'view:feature, separated by commas')
      .option('--without <list>', 'columns of these to leave out: view__feature, separated by commas')
      .requiredOption('--entities <file>', 'the rows: entity keys and a time')
      .requiredOption('--out <file>', 'where the rows with their features go, unencrypted')
      .option('--event-time <column>', 'the rows’ time', 'event_time')
      .option('--as-known <time|row>', 'the cut-off of what was known')
      .addOption(
        new Option('--names <form>', 'view__feature, or the feature alone')
          .choices(['full', 'feature'])
          .default('full'),
      )
      .option('--receipt <file>', 'where a signed receipt goes, from which the set can be built again')
      .action((options: HistoricalOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          const result = (await context.runJob(client, () =>
            client.features.historical({
              service: options.service,
              features: listed(options.features),
              without: listed(options.without),
              entities: context.path(options.entities),
              out: context.path(options.out),
              eventTime: options.eventTime,
              asKnown: options.asKnown,
              names: options.names,
              receipt: options.receipt === undefined ? undefined : context.path(options.receipt),
            }),
          )) as {
            file: string;
            rows: number;
            columns: number;
            data: { name: string; version: number; digest: string }[];
            receipt?: { file: string; contentHash: string };
          };
          context.out.result(result, () =>
            [
              `Wrote ${formatNumber(result.rows)} rows with their features to ${result.file}.`,
              ...(result.receipt === undefined
                ? []
                : [`Receipt ${result.receipt.file}, content sha256 ${result.receipt.contentHash}`]),
            ].join('\n'),
          );
        }),
      ),
    [
      'falaj features historical --service delay_v1 --entities rows.csv --out rows-with-features.parquet',
      'falaj features historical --features airport_delay:last_delay --entities rows.csv --as-known row --out out.csv',
      'falaj features historical --service delay_v1 --entities rows.csv --out set.parquet --receipt set.receipt.json',
    ],
  );

  features
    .command('verify')
    .description('build the training set of a receipt again and compare; exit 3 when anything differs')
    .argument('<receipt>', 'a file written by --receipt, or training-set/ID for one that a training left')
    .option('--entities <file>', 'the rows it was built on, when they are no longer where they were')
    .option('--out <file>', 'write the rebuilt set there, unencrypted')
    .action((receipt: string, options: VerifyOptions, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const result = (await context.runJob(client, () =>
          client.features.verify({
            receipt: parseKeptReceipt(receipt) === null ? context.path(receipt) : receipt,
            entities: options.entities === undefined ? undefined : context.path(options.entities),
            out: options.out === undefined ? undefined : context.path(options.out),
          }),
        )) as ReceiptVerification;
        context.out.result(result, () => textVerification(result));
        return result.verified ? 0 : FOUND_SOMETHING;
      }),
    );
}

function textVerification({ verified, differences, recorded, rebuilt, file }: ReceiptVerification): string {
  const lines = verified
    ? [
        `The same ${formatNumber(recorded.contentBytes)} bytes: ${formatNumber(recorded.rows)} rows, sha256 ${recorded.contentHash}.`,
      ]
    : [
        `Not the same as recorded on ${recorded.builtAt}:`,
        ...differences.map(({ kind, message }) => `  ${kind}: ${message}`),
        ...(rebuilt === null
          ? ['Nothing was built.']
          : [`It was built again as sha256 ${rebuilt.contentHash}.`]),
      ];
  return [...lines, ...(file === null ? [] : [`Wrote the rebuilt set to ${file}.`])].join('\n');
}

const daysStartIn = (zone: string | undefined): [string, string][] =>
  zone === undefined ? [] : [['Days start in', zone]];

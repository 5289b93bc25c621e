import { type Command, Option } from 'commander';
import type { ImportMode, ImportOutcome } from '../../../shared/contract/types.ts';
import { datasetUsers } from '../../../shared/definitions/dataset-users.ts';
import { FalajError } from '../../../shared/errors.ts';
import { formatBytes } from '../../../shared/units.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { nameAndValue, wholeNumber } from '../option-values.ts';
import { countText, formatNumber, textTable } from '../text-table.ts';
import { withUpload } from '../with-upload.ts';
import { textDataset } from './dataset-text.ts';
import { addPeekCommand } from './peek-command.ts';
import { cellText, textRows } from './rows-text.ts';
import { addSourceOptions, refuseMixedSources, type SourceOptions } from './source-options.ts';

interface ImportOptions extends SourceOptions {
  readonly name: string;
  readonly mode: ImportMode;
  readonly keys?: string[];
  readonly eventTime?: string;
  readonly knownTime?: string;
  readonly label?: string[];
  readonly purpose?: string[];
  readonly every: number;
  readonly derive?: { name: string; value: string }[];
}

const STANDARD_INPUT = 'standard input';

export function addDataCommands(program: Command, run: CommandRunner): void {
  const data = program.command('data').description('datasets: import, look, export');

  addExamples(
    addSourceOptions(
      data
        .command('import')
        .description('read files into an encrypted dataset; several files of one shape are taken in order')
        .argument('[files...]', 'csv, tsv, parquet, arrow or ndjson; - for standard input')
        .requiredOption('--name <name>', 'the dataset; a new version when it exists'),
    )
      .addOption(
        new Option(
          '--mode <mode>',
          'the next version is these rows, those before and these, or likewise with corrections',
        )
          .choices(['replace', 'append', 'upsert'])
          .default('replace'),
      )
      .option('--keys <columns>', 'with the event time: which row an upsert corrects', commaSeparated)
      .option('--event-time <column>', 'when it happened')
      .option('--known-time <column>', 'when it became known')
      .option('--label <label...>', 'classification labels')
      .option('--purpose <purpose...>', 'what it may be used for')
      .option('--every <n>', 'keep each n-th row only', wholeNumber(1), 1)
      .option('--derive <name=expression>', 'add a column by a DuckDB expression; repeatable', collectPairs)
      .action((files: string[], options: ImportOptions, command: Command) =>
        run(command, async (context) => {
          refuseMixedSources(files, options);
          refuseMixedInput(files);
          const client = await context.open();
          const { from, table, query } = options;
          const common = {
            name: options.name,
            format: options.format,
            mode: options.mode,
            keys: options.keys ?? [],
            eventTime: options.eventTime,
            knownTime: options.knownTime,
            labels: options.label ?? [],
            purposes: options.purpose ?? [],
            every: options.every,
            derive: (options.derive ?? []).map(({ name, value }) => ({ name, expression: value })),
          };
          const imported = (start: () => Promise<{ job: string }>) => context.runJob(client, start);
          const dataset = (await (files.includes('-')
            ? withUpload(client, process.stdin, { name: STANDARD_INPUT, signal: context.signal }, (upload) =>
                imported(() => client.data.importUpload({ ...common, upload, source: STANDARD_INPUT })),
              )
            : imported(() =>
                from === undefined
                  ? client.data.import({ ...common, files: files.map((file) => context.path(file)) })
                  : client.connections.import({ ...common, from, table, query, objects: options.object }),
              ))) as ImportOutcome;
          context.out.result(dataset, () => textOutcome(dataset));
        }),
      ),
    [
      'falaj data import flights.parquet --name flights --event-time date --known-time arrived_at',
      "falaj data import 2024.csv 2025.csv --name sales --label internal --derive 'total=price * amount'",
      'falaj data import fixes.csv --name sales --mode upsert --keys shop,order',
      'zcat sales.csv.gz | falaj data import - --name sales',
      'falaj data import --from shop --table sales --name sales --event-time at',
    ],
  );

  addPeekCommand(data, run);

  data
    .command('ls')
    .description('the datasets')
    .action((_options: unknown, command: Command) =>
      run(command, async (context) => {
        const datasets = await (await context.open()).data.list();
        context.out.result(datasets, () =>
          textTable(
            datasets,
            [
              ['Name', (dataset) => dataset.name],
              ['Version', (dataset) => dataset.version],
              ['Rows', (dataset) => dataset.rows],
              ['Columns', (dataset) => dataset.columns.length],
              ['Size', (dataset) => formatBytes(dataset.sizeBytes), 'right'],
              ['Imported', (dataset) => dataset.importedAt],
            ],
            'There are no datasets. Import one with `falaj data import`.',
          ),
        );
      }),
    );

  data
    .command('show')
    .description('one dataset: its columns, times, parts, labels, digest and what is expected of it')
    .argument('<name>', DATASET_VERSION)
    .action((reference: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const asked = datasetReference(reference);
        const { name } = asked;
        const client = await context.open();
        const [dataset, definition, versions] = await Promise.all([
          client.data.get(asked),
          client.data.definition({ name }),
          client.data.versions({ name }),
        ]);
        context.out.result({ ...dataset, definition }, () => textDataset(dataset, definition, versions));
      }),
    );

  data
    .command('preview')
    .description('the first rows')
    .argument('<name>', DATASET_VERSION)
    .option('--limit <n>', 'how many', wholeNumber(1, 1000), 20)
    .option('--offset <n>', 'after how many', wholeNumber(0), 0)
    .action((name: string, options: { limit: number; offset: number }, command: Command) =>
      run(command, async (context) => {
        const asked = datasetReference(name);
        const rows = await (await context.open()).data.preview({ ...asked, ...options });
        context.out.result(rows, () => textRows(rows));
      }),
    );

  data
    .command('profile')
    .description('each column’s counts, range and spread')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const profile = await (await context.open()).data.profile({ name });
        context.out.result(profile, () =>
          textTable(
            profile,
            [
              ['Column', (column) => column.name],
              ['Type', (column) => column.type],
              ['Nulls', (column) => column.nulls],
              ['Distinct', (column) => column.distinct],
              ['Min', (column) => cellText(column.min), 'right'],
              ['Mean', (column) => column.mean],
              ['Max', (column) => cellText(column.max), 'right'],
            ],
            'No columns.',
          ),
        );
      }),
    );

  data
    .command('export')
    .description('write a dataset, unencrypted, to a file of your choice')
    .argument('<name>', DATASET_VERSION)
    .argument('<file>')
    .addOption(
      new Option('--format <format>', 'how it is written; else by the name').choices([
        'csv',
        'tsv',
        'parquet',
        'ndjson',
        'arrow',
      ]),
    )
    .action(
      (
        name: string,
        file: string,
        options: { format?: 'csv' | 'tsv' | 'parquet' | 'ndjson' | 'arrow' },
        command: Command,
      ) =>
        run(command, async (context) => {
          const asked = datasetReference(name);
          const client = await context.open();
          const result = (await context.runJob(client, () =>
            client.data.export({ ...asked, file: context.path(file), format: options.format }),
          )) as {
            file: string;
            rows: number;
            version: number;
            digest: string;
          };
          context.out.result(
            result,
            () => `Wrote ${formatNumber(result.rows)} rows to ${result.file}, unencrypted.`,
          );
        }),
    );

  data
    .command('rm')
    .description('remove a dataset and its versions')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const users = datasetUsers(name, await client.features.views(), await client.training.list());
        const removed = await client.data.remove({ name });
        context.out.result(removed, () => [`Removed ${name}.`, ...usersText(users)].join('\n'));
      }),
    );
}

const DATASET_VERSION = 'the dataset; NAME@VERSION for one as it was after an earlier import';

/** The name of a dataset, with the version that is meant. */
function datasetReference(text: string): { name: string; version?: number } {
  const [, name, version] = /^([^@]*)@(.*)$/.exec(text) ?? [];
  if (name === undefined) return { name: text };
  if (/^[1-9]\d{0,8}$/.test(version!)) return { name, version: Number(version) };
  throw new FalajError('BAD_INPUT', `"${version}" is not a version of a dataset.`, {
    hint: `Write its number, such as ${name}@1; falaj data show ${name} lists them.`,
  });
}

/** What cannot be computed any more without the dataset. */
const usersText = ({ views, trainings }: ReturnType<typeof datasetUsers>): string[] =>
  views.length + trainings.length === 0
    ? []
    : [
        'Until it is imported again, nothing is computed for:',
        ...(views.length === 0 ? [] : [`  views      ${views.join(', ')}`]),
        ...(trainings.length === 0 ? [] : [`  trainings  ${trainings.join(', ')}`]),
      ];

function refuseMixedInput(files: readonly string[]): void {
  if (!files.includes('-') || files.length === 1) return;
  throw new FalajError('BAD_INPUT', 'Standard input is imported alone.', {
    hint: 'Import the other files with --mode append.',
  });
}

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function textOutcome(dataset: ImportOutcome): string {
  const version = `${dataset.name}, version ${dataset.version}`;
  if (dataset.alreadyImported) return `Nothing to import: these rows are already in ${version}.`;
  const whole = dataset.rows === dataset.addedRows ? '' : ` It now has ${formatNumber(dataset.rows)} rows.`;
  return `Imported ${countText(dataset.addedRows, 'row')} into ${version}.${whole}`;
}

const collectPairs = (
  text: string,
  before: { name: string; value: string }[] | undefined,
): { name: string; value: string }[] => [...(before ?? []), nameAndValue(text)];

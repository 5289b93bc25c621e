import type { Command } from 'commander';
import type { ExplainedRow, ModelExplanation } from '../../../shared/contract/types.ts';
import type { CommandRunner } from '../command-runner.ts';
import { wholeNumber } from '../option-values.ts';
import { textTable, valueText } from '../text-table.ts';

interface ExplainOptions {
  readonly in: string;
  readonly rows: number;
  readonly background: number;
  readonly seed: number;
}

/** `falaj models explain`, beside the other commands on models. */
export function addExplainCommand(models: Command, run: CommandRunner): void {
  models
    .command('explain')
    .description('what moves the scores of a file’s first rows, by sampled Shapley values')
    .argument('<model>', 'NAME, NAME@ALIAS or NAME:VERSION')
    .requiredOption('--in <file>', 'the rows, and others to compare them with')
    .option('--rows <n>', 'how many are explained', wholeNumber(1, 200), 10)
    .option('--background <n>', 'rows of the file that each is compared with', wholeNumber(1, 256), 32)
    .option('--seed <n>', 'which rows these are', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .action((reference: string, options: ExplainOptions, command: Command) =>
      run(command, async (context) => {
        const client = await context.open();
        const { rows, background, seed } = options;
        const found = (await context.runJob(client, () =>
          client.models.explain({ reference, in: context.path(options.in), rows, background, seed }),
        )) as ModelExplanation;
        context.out.result(found, () => found.rows.map((row) => textRow(row, found)).join('\n\n'));
      }),
    );
}

function textRow(
  { row, class: name, score, base, contributions, others }: ExplainedRow,
  of: ModelExplanation,
) {
  const ofClass = name === null ? '' : ` of ${name}`;
  const head = `Row ${row + 1}: ${of.unit}${ofClass} ${score.toPrecision(4)}, the mean being ${base.toPrecision(4)}`;
  const rows = [
    ...contributions,
    ...(others === 0 ? [] : [{ feature: '(all others)', value: null, contribution: others }]),
  ];
  return `${head}\n${textTable(
    rows,
    [
      ['Feature', ({ feature }) => feature],
      ['Value', ({ value }) => valueText(value), 'right'],
      ['Adds', ({ contribution }) => signed(contribution), 'right'],
    ],
    '',
  )}`;
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toPrecision(4)}`;

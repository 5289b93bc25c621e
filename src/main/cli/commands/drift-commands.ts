import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { DriftCheck } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { textTable } from '../text-table.ts';

interface CheckOptions {
  readonly reference: string;
  readonly current: string;
  readonly columns?: string;
  readonly test: 'auto' | 'psi' | 'ks' | 'wasserstein' | 'js' | 'chi2';
  readonly out?: string;
}

export function addDriftCommands(program: Command, run: CommandRunner): void {
  addExamples(
    program
      .command('drift')
      .description('whether data of now differs from data of then')
      .command('check')
      .description('compare two datasets column by column; exit 3 when they differ by more than chance')
      .requiredOption('--reference <data>', 'NAME or NAME[FROM..TO]')
      .requiredOption('--current <data>', 'NAME or NAME[FROM..TO]')
      .option('--columns <list>', 'only these, separated by commas')
      .addOption(
        new Option('--test <test>', 'how they are compared')
          .choices(['auto', 'psi', 'ks', 'wasserstein', 'js', 'chi2'])
          .default('auto'),
      )
      .option('--out <file>', 'write the report there as JSON')
      .action((options: CheckOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          const check = (await context.runJob(client, () =>
            client.monitoring.check({
              reference: options.reference,
              current: options.current,
              columns: options.columns?.split(',').map((column) => column.trim()),
              tests: options.test,
            }),
          )) as DriftCheck;
          if (options.out !== undefined) await writeReport(context.path(options.out), check);
          context.out.result(check, () => textCheck(check));
          return check.drift ? FOUND_SOMETHING : 0;
        }),
      ),
    [
      "falaj drift check --reference 'flights[2001-01-01..2001-06-01]' --current 'flights[2001-06-01..2001-07-01]'",
      'falaj drift check --reference last-year --current this-year --columns delay,distance --out drift.json',
    ],
  );
}

async function writeReport(file: string, check: DriftCheck): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(check, null, 2)}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FalajError(
      code === 'ENOSPC' ? 'DISK_FULL' : 'DISK_FAILED',
      `${file} cannot be written (${code ?? 'unknown reason'}).`,
      { hint: 'Name a file in a folder that is there and yours; the check itself is kept.', cause: error },
    );
  }
}

const textCheck = (check: DriftCheck): string =>
  [
    check.drift ? 'Drift found.' : 'No drift: what differs is within chance.',
    textTable(
      check.columns,
      [
        ['Column', (column) => column.name],
        ['Test', (column) => column.test],
        ['Score', (column) => column.score],
        ['Threshold', (column) => column.threshold],
        ['p', (column) => column.pValue],
        ['q', (column) => column.qValue],
        ['Drift', (column) => (column.drift ? 'yes' : '')],
      ],
      'No columns in common.',
    ),
  ].join('\n');

import type { Command } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { textTable } from '../text-table.ts';
import { rowsTable } from './rows-text.ts';
import { addSourceOptions, refuseMixedSources, type SourceOptions } from './source-options.ts';

export function addPeekCommand(data: Command, run: CommandRunner): void {
  addExamples(
    addSourceOptions(
      data
        .command('peek')
        .description('the columns and first rows of files, or of a connection, before anything is imported')
        .argument('[files...]', 'csv, tsv, parquet, arrow or ndjson'),
    ).action((files: string[], options: SourceOptions, command: Command) =>
      run(command, async (context) => {
        refuseMixedSources(files, options);
        const client = await context.open();
        const { from, format, table, query, object } = options;
        const peeked = await (from === undefined
          ? client.data.peek({ files: files.map((file) => context.path(file)), format })
          : client.connections.peek({ from, format, table, query, objects: object }));
        context.out.result(peeked, () =>
          [
            textTable(
              peeked.columns,
              [
                ['Column', ({ name }) => name],
                ['Type', ({ type }) => type],
              ],
              'No columns.',
            ),
            '',
            rowsTable(peeked),
          ].join('\n'),
        );
      }),
    ),
    ['falaj data peek flights.parquet', 'falaj data peek --from shop --table sales'],
  );
}

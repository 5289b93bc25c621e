import { type Command, Option } from 'commander';
import { FalajError } from '../../../shared/errors.ts';

/** Where rows come from: files, or one selection over a connection. */
export interface SourceOptions {
  readonly format?: 'csv' | 'tsv' | 'parquet' | 'ndjson' | 'arrow';
  readonly from?: string;
  readonly table?: string;
  readonly query?: string;
  readonly object?: string[];
}

export const addSourceOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--format <format>',
        'what the files are; else by their names, of standard input by its first bytes',
      ).choices(['csv', 'tsv', 'parquet', 'ndjson', 'arrow']),
    )
    .option('--from <connection>', 'read over a connection instead of from files')
    .option('--table <table>', 'of a database: the table')
    .option('--query <sql>', 'of a database: the rows of one SELECT')
    .option('--object <key...>', 'of an object store: the objects, of one shape');

/** Throws BAD_INPUT unless there are files or a connection, and what belongs to a connection comes with one. */
export function refuseMixedSources(files: readonly string[], options: SourceOptions): void {
  const overConnection = options.table ?? options.query ?? options.object?.[0];
  if (options.from === undefined && overConnection !== undefined) {
    throw new FalajError('BAD_INPUT', '--table, --query and --object need --from CONNECTION.', {
      hint: 'falaj connections ls lists the connections.',
    });
  }
  if ((options.from === undefined) === files.length > 0) return;
  throw new FalajError('BAD_INPUT', 'Say what to read: files, or --from CONNECTION.', {
    hint: 'One of them, not both.',
  });
}

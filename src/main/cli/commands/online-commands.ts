import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { cellSchema } from '../../../shared/contract/common.ts';
import type { OnlineResult } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { countText, textTable, valueText } from '../text-table.ts';

interface OnlineOptions {
  readonly service?: string;
  readonly features?: string;
  readonly keys: string;
  readonly at?: string;
}

interface MaterializeOptions {
  readonly all?: boolean;
  readonly since?: string;
  readonly until?: string;
}

const FORMATS = ['csv', 'tsv', 'parquet', 'ndjson'] as const;

interface Materialized {
  readonly view: string;
  readonly mode: string;
  readonly rows: number;
  readonly entities: number;
}

interface Pushed {
  readonly added: number;
  readonly duplicates: number;
}

type JsonRow = z.infer<typeof jsonRow>;
const jsonRow = z.record(z.string(), cellSchema);

/** Features as they are now: filling, pushing, asking. */
export function addOnlineCommands(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('materialize')
      .description('fill the online store from a view’s history; what is there is only added to')
      .argument('[view]')
      .option('--all', 'every view with online: true')
      .option('--since <time>', 'only rows from this event time on')
      .option('--until <time>', 'only rows up to this event time')
      .action((view: string | undefined, options: MaterializeOptions, command: Command) =>
        run(command, async (context) => {
          if ((view === undefined) === (options.all !== true)) {
            throw new FalajError('BAD_INPUT', 'Name one view, or say --all.', {
              hint: 'falaj features ls lists the views.',
            });
          }
          const client = await context.open();
          const { since, until } = options;
          const result = (await context.runJob(client, () =>
            client.features.materialize({ view, since, until }),
          )) as { views: Materialized[] };
          context.out.result(result, () =>
            result.views
              .map(
                ({ view: name, rows, entities, mode }) =>
                  `${name}: took in ${countText(rows, 'row')} of ${countText(entities, 'entity', 'entities')} (${mode}).`,
              )
              .join('\n'),
          );
        }),
      ),
    ['falaj features materialize airport_delay', 'falaj features materialize --all'],
  );

  addExamples(
    features
      .command('push')
      .description('add rows to a pushed view, none if one is wrong; rows that came before are left out')
      .argument('<view>')
      .argument('<file>', 'csv, tsv, parquet or ndjson; - for JSON rows on standard input')
      .addOption(new Option('--format <format>', 'what the file is; else by its name').choices(FORMATS))
      .action(
        (view: string, file: string, options: { format?: (typeof FORMATS)[number] }, command: Command) =>
          run(command, async (context) => {
            const rows = file === '-' ? parseRows(await text(process.stdin), 'standard input') : null;
            const client = await context.open();
            const pushed = (rows === null
              ? await context.runJob(client, () =>
                  client.features.pushFile({ view, file: context.path(file), format: options.format }),
                )
              : await client.features.push({ view, rows })) as unknown as Pushed;
            context.out.result(
              pushed,
              () =>
                `Added ${countText(pushed.added, 'row')} to ${view}; ${countText(pushed.duplicates, 'row')} had come before.`,
            );
          }),
      ),
    [
      'falaj features push visits visits.parquet',
      'echo \'{"shop": "A1", "event_time": "2026-01-31T12:00:00Z", "count": 3}\' | falaj features push visits -',
    ],
  );

  addExamples(
    features
      .command('online')
      .description('the features of some entities, now')
      .option('--service <name>', 'a feature service')
      .option('--features <list>', 'view:feature, separated by commas')
      .requiredOption('--keys <file|json>', 'a table of keys, or JSON such as \'[{"airport": "DXB"}]\'')
      .option('--at <time>', 'another instant than now')
      .action((options: OnlineOptions, command: Command) =>
        run(command, async (context) => {
          const keys = await keysOf(context, options.keys);
          const client = await context.open();
          const result = await client.features.online({
            service: options.service,
            features: options.features?.split(',').map((feature) => feature.trim()),
            at: options.at,
            ...keys,
          });
          context.out.result(result, () => onlineText(result));
        }),
      ),
    [
      'falaj features online --service delay_v1 --keys \'[{"origin": "DXB", "destination": "LHR"}]\'',
      'falaj features online --features airport_delay:* --keys airports.csv --at 2026-01-31T12:00:00Z',
    ],
  );
}

/** JSON is read here; other tables are read by the engine, in a process of their own. */
export async function keysOf(
  context: CommandContext,
  given: string,
): Promise<{ keys: JsonRow[] } | { keysFile: string }> {
  if (/^\s*[[{]/.test(given)) return { keys: parseRows(given, '--keys') };
  const file = context.path(given);
  if (!given.toLowerCase().endsWith('.json')) return { keysFile: file };
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new FalajError('FILE_NOT_FOUND', `"${given}" cannot be read.`, { cause: error });
  });
  return { keys: parseRows(content, given) };
}

/** A JSON list of rows, one row, or a row a line. */
function parseRows(content: string, source: string): JsonRow[] {
  const parsed =
    parseJson(content) ??
    content
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parseJson);
  const rows = z.array(jsonRow).safeParse(Array.isArray(parsed) ? parsed : [parsed]);
  if (rows.success && rows.data.length > 0) return rows.data;
  if (rows.success) {
    throw new FalajError('BAD_INPUT', `There are no rows in ${source}.`, {
      hint: 'Write [{"name": value, …}, …], or one such row a line.',
    });
  }
  const row = rows.error.issues[0]?.path[0];
  throw new FalajError(
    'BAD_INPUT',
    `${typeof row === 'number' ? `Row ${row + 1} of ${source}` : source} is not JSON of names and values.`,
    {
      hint: 'Write [{"name": value, …}, …], or one such row a line.',
    },
  );
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function onlineText({ rows }: OnlineResult): string {
  const lines = rows.flatMap(({ keys, values, status }) =>
    Object.keys(values).map((name) => ({
      key: Object.values(keys).map(String).join(', '),
      name,
      value: values[name] ?? null,
      status: status[name] ?? '',
    })),
  );
  return textTable(
    lines,
    [
      ['Key', ({ key }) => key],
      ['Feature', ({ name }) => name],
      ['Value', ({ value }) => valueText(value), 'right'],
      ['Status', ({ status }) => status],
    ],
    'No keys.',
  );
}

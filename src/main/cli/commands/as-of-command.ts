import type { Command } from 'commander';
import type { AsOfResult } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { wholeNumber } from '../option-values.ts';
import { textFacts, textTable, valueText } from '../text-table.ts';
import { keysOf } from './online-commands.ts';

interface AsOfOptions {
  readonly at?: string;
  readonly keys?: string;
  readonly limit: number;
}

export function addAsOfCommand(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('as-of')
      .description('what a view said of a few entities at an instant of its history, by what was known then')
      .argument('<view>', 'its name, or name@version')
      .option('--at <time>', 'the instant; when the newest row became known unless said')
      .option('--keys <rows>', 'the entities: JSON, or a .json file; those with the newest rows unless said')
      .option('--limit <n>', 'how many entities, when none are named', wholeNumber(1, 200), 10)
      .action((name: string, { at, limit, keys: given }: AsOfOptions, command: Command) =>
        run(command, async (context) => {
          const read = given === undefined ? {} : await keysOf(context, given);
          if ('keysFile' in read) {
            throw new FalajError('BAD_INPUT', 'The entities are not JSON.', {
              hint: 'Write [{"name": value, …}], or name a .json file of such rows.',
            });
          }
          const client = await context.open();
          const result = await client.features.asOf({
            name,
            limit,
            ...read,
            ...(at === undefined ? {} : { at }),
          });
          context.out.result(result, () => asOfText(result));
        }),
      ),
    [
      'falaj features as-of airport_delay',
      'falaj features as-of airport_delay --at 2026-01-31T12:00:00Z --keys \'[{"airport": "DXB"}]\'',
    ],
  );
}

function asOfText({ at, first, last, previous, next, features, rows }: AsOfResult): string {
  const lines = rows.flatMap(({ keys, values, status, eventTime }) =>
    features.map(({ name }, place) => ({
      key: Object.values(keys).map(String).join(', '),
      name,
      value: values[place] ?? null,
      status: status[place] ?? '',
      eventTime,
    })),
  );
  return [
    textFacts([
      ['As of', at],
      ['History', first === null ? null : `${first} to ${String(last)}`],
      ['Change before', previous],
      ['Change after', next],
    ]),
    '',
    textTable(
      lines,
      [
        ['Key', ({ key }) => key],
        ['Feature', ({ name }) => name],
        ['Value', ({ value }) => valueText(value), 'right'],
        ['Status', ({ status }) => status],
        ['Event time', ({ eventTime }) => eventTime],
      ],
      'The view has no rows.',
    ),
  ].join('\n');
}

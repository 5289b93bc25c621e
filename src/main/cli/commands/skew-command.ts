import { type Command, InvalidArgumentError } from 'commander';
import type { SkewExample, SkewFigures, SkewReport } from '../../../shared/contract/types.ts';
import { bySkew, skewedValues } from '../../../shared/skew.ts';
import { type CommandRunner, FOUND_SOMETHING } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { formatNumber, textTable } from '../text-table.ts';

interface SkewOptions {
  readonly since?: string;
  readonly until?: string;
  readonly log?: string;
  readonly eventTime: string;
  readonly tolerance: number;
  readonly last?: boolean;
  readonly history?: boolean;
}

export function addSkewCommand(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('skew')
      .description('compare values that were served with what a training set says; exit 3 when they differ')
      .argument('<service>')
      .option('--since <time>', 'only reads from this instant on')
      .option('--until <time>', 'only reads up to this instant')
      .option('--log <file>', 'values that were served elsewhere: keys, an instant and view__feature columns')
      .option('--event-time <column>', 'the instant of each read in that file', 'event_time')
      .option(
        '--tolerance <share>',
        'by how much numbers may differ, as a part of the larger one',
        share,
        1e-9,
      )
      .option('--last', 'show the last comparison instead of making one')
      .option('--history', 'show the figures of all comparisons instead, newest first')
      .action((service: string, options: SkewOptions, command: Command) =>
        run(command, async (context) => {
          const client = await context.open();
          const { since, until, log, eventTime, tolerance } = options;
          if (options.history === true) {
            const checks = await client.features.skewHistory({ name: service });
            context.out.result(checks, () => textHistory(checks));
            return 0;
          }
          if (options.last !== true) {
            await context.runJob(client, () =>
              client.features.skew({
                service,
                since,
                until,
                eventTime,
                tolerance,
                log: log === undefined ? undefined : context.path(log),
              }),
            );
          }
          const { report } = await client.features.skewReport({ name: service });
          context.out.result(report, () =>
            report === null ? `Reads of ${service} have not been compared yet.` : textReport(report),
          );
          return report?.skew === true ? FOUND_SOMETHING : 0;
        }),
      ),
    [
      'falaj features skew delay_v1',
      'falaj features skew delay_v1 --since 2026-01-31T00:00:00Z --json',
      'falaj features skew delay_v1 --log served.parquet --event-time read_at --tolerance 1e-6',
    ],
  );
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a number from 0 to 1, such as 1e-6.');
}

function textReport(report: SkewReport): string {
  const { rows, logged, absent } = report;
  const features = bySkew(report.features);
  const skewed = features.filter(({ asKnown }) => skewedValues(asKnown) > 0);
  const examples = features.flatMap(({ name, examples: [first] }) =>
    first === undefined ? [] : [{ name, ...first }],
  );
  return [
    report.skew
      ? `Skew found in ${skewed.length} of ${features.length} features.`
      : `No skew: ${formatNumber(features.length)} features were served as they were known.`,
    `${formatNumber(rows)} reads from ${report.firstRead} to ${report.lastRead}${
      rows < logged ? `, the newest of ${formatNumber(logged)}` : ''
    }.`,
    '',
    textTable(
      features,
      [
        ['Feature', ({ name }) => name],
        ['Equal', ({ asKnown }) => asKnown.equal],
        ['Mismatch', ({ asKnown }) => asKnown.mismatch],
        ['Missing', ({ asKnown }) => asKnown.missing],
        ['Extra', ({ asKnown }) => asKnown.extra],
        ['Known later', ({ knownLater }) => knownLater],
        ['SMAPE', ({ asKnown }) => asKnown.smape],
        ['Edits', ({ asKnown }) => asKnown.editDistance],
        ['Differ today', ({ today }) => skewedValues(today)],
        ['Of it late', ({ today, changedSince }) => lateShare(skewedValues(today), changedSince)],
      ],
      'No features.',
    ),
    ...(examples.length === 0 ? [] : ['', textExamples(examples)]),
    ...(absent.length === 0 ? [] : ['', `Not in the file: ${absent.join(', ')}.`]),
  ].join('\n');
}

const textHistory = (checks: readonly SkewFigures[]): string =>
  textTable(
    checks,
    [
      ['Compared', ({ checkedAt }) => checkedAt],
      ['From', ({ source }) => source],
      ['Reads', ({ rows }) => rows],
      ['Last read', ({ lastRead }) => lastRead],
      ['Values', ({ values }) => values],
      ['Skewed', ({ skewed }) => skewed],
      ['Features with skew', ({ skewedFeatures }) => skewedFeatures.join(', ')],
    ],
    'Reads have not been compared yet.',
  );

const lateShare = (differing: number, late: number): string =>
  differing === 0 ? '' : `${Math.round((100 * late) / differing)} %`;

const textExamples = (examples: readonly (SkewExample & { readonly name: string })[]): string =>
  textTable(
    examples,
    [
      ['For example', ({ name }) => name],
      ['Keys', ({ keys }) => JSON.stringify(keys)],
      ['Read at', ({ at }) => at],
      ['Online', ({ online }) => JSON.stringify(online)],
      ['As known', ({ asKnown }) => JSON.stringify(asKnown)],
      ['Today', ({ today }) => JSON.stringify(today)],
      ['Cause', ({ cause }) => cause],
    ],
    '',
  );

import type { Command } from 'commander';
import type { ColumnProfile, ViewStatisticsEntry } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../help-text.ts';
import { formatNumber, textFacts, textTable } from '../text-table.ts';
import { cellText } from './rows-text.ts';

export function addStatsCommand(features: Command, run: CommandRunner): void {
  addExamples(
    features
      .command('stats')
      .description('what each feature of a view is at the times of its rows, and how that went over time')
      .argument('<view>')
      .option('--feature <name>', 'this one at every time it was counted')
      .action((name: string, { feature }: { feature?: string }, command: Command) =>
        run(command, async (context) => {
          const entries = await (await context.open()).features.statistics({ name });
          if (feature !== undefined && entries.length > 0) mustHaveFeature(entries, name, feature);
          context.out.result(entries, () =>
            feature === undefined ? currentText(entries) : historyText(entries, feature),
          );
        }),
      ),
    ['falaj features stats airport_delay', 'falaj features stats airport_delay --feature late_share_24h'],
  );
}

/** A feature that the view had earlier, and no longer, has a history too. */
function mustHaveFeature(entries: readonly ViewStatisticsEntry[], view: string, feature: string): void {
  const known = [...new Set(entries.flatMap(({ features }) => features.map(({ name }) => name)))];
  if (known.includes(feature)) return;
  throw new FalajError('NOT_FOUND', `View "${view}" has no feature "${feature}".`, {
    hint: nearestHint(feature, known, `It has: ${known.join(', ')}.`),
  });
}

const sourceText = ({ dataset }: ViewStatisticsEntry): string | null =>
  dataset === null ? null : `${dataset.name} v${String(dataset.version)}`;

function currentText([current]: readonly ViewStatisticsEntry[]): string {
  if (current === undefined) return 'The view is computed from requests and has no rows of its own.';
  return [
    textFacts([
      ['Source', sourceText(current)],
      ['Rows', `${formatNumber(current.sampledRows)} of ${formatNumber(current.rows)}`],
      ['Counted', current.computedAt],
    ]),
    '',
    textTable(
      current.features,
      [['Feature', ({ name }) => name], ['Type', ({ type }) => type], ...FIGURES.map(figureOf)],
      'The view has no features.',
    ),
  ].join('\n');
}

function historyText(entries: readonly ViewStatisticsEntry[], name: string): string {
  const rows = entries.flatMap((entry) =>
    entry.features.filter((feature) => feature.name === name).map((feature) => ({ entry, feature })),
  );
  return textTable(
    rows,
    [
      ['Counted', ({ entry }) => entry.computedAt],
      ['Source', ({ entry }) => sourceText(entry)],
      ...FIGURES.map(
        ([title, value]) => [title, ({ feature }: (typeof rows)[number]) => value(feature), 'right'] as const,
      ),
    ],
    `The view has no feature "${name}".`,
  );
}

type Figure = readonly [title: string, value: (profile: ColumnProfile) => string | number | null];

const quantile = ({ quantiles }: ColumnProfile, wanted: number): number | null =>
  quantiles.find(({ at }) => at === wanted)?.value ?? null;

const FIGURES: readonly Figure[] = [
  ['Nulls', ({ nulls }) => nulls],
  ['Distinct', ({ distinct }) => distinct],
  ['Min', ({ min }) => cellText(min)],
  ['Mean', ({ mean }) => mean],
  ['Median', (profile) => quantile(profile, 0.5)],
  ['Max', ({ max }) => cellText(max)],
];

const figureOf = ([title, value]: Figure) => [title, value, 'right'] as const;

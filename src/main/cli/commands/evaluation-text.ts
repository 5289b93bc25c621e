import type { Evaluation } from '../../../shared/contract/types.ts';
import { textFacts, textTable } from '../text-table.ts';

type Interval = { readonly lower: number; readonly upper: number };

/** Worst to best differ by few figures: four digits tell them apart. */
const short = (value: number | undefined): string | null =>
  value === undefined || !Number.isFinite(value) ? null : String(Number(value.toPrecision(4)));

export const textInterval = (interval: Interval | undefined): string | null =>
  interval === undefined ? null : `${short(interval.lower)} – ${short(interval.upper)}`;

const SHOWN_FEATURES = 10;
const SHOWN_SLICES = 20;
const SLICED_BY = ['auc', 'accuracy', 'rmse'];
const MOST_CLASSES = 12;

/** The parts of an evaluation that fit a terminal, each a block of text; none where a run has no evaluation. */
export function textEvaluation(evaluation: Evaluation | null): string[] {
  if (evaluation === null) return [];
  return [facts(evaluation), confusion(evaluation), slices(evaluation), importance(evaluation)].filter(
    (block) => block !== null,
  );
}

function facts({ rows, weighted, threshold, bootstrap, calibrated }: Evaluation): string | null {
  if (rows === undefined) return null;
  return textFacts([
    ['Hold-out', `${rows} rows${weighted ? ', counted by weight' : ''}`],
    ...(threshold === undefined
      ? []
      : [
          [
            'Threshold',
            `${short(threshold.value)} (${threshold.goal}${threshold.unreached ? ', not reached' : ''})`,
          ] as const,
        ]),
    ...(calibrated === undefined ? [] : [['Calibration', calibrated.method] as const]),
    ...(bootstrap === undefined || bootstrap.rows === 0
      ? []
      : [
          [
            'Intervals',
            `${short(100 * bootstrap.confidence)} % bootstrap, ${bootstrap.resamples} resamples of ${bootstrap.rows} rows`,
          ] as const,
        ]),
  ]);
}

function confusion({ confusion: table }: Evaluation): string | null {
  if (table === undefined || table.classes.length > MOST_CLASSES) return null;
  const names = table.classes.map((name) => name ?? '(others)');
  return textTable(
    table.counts.map((counts, row) => ({ truth: names[row]!, counts })),
    [
      ['Truth \\ answer', ({ truth }) => truth],
      ...names.map(
        (name, answer) =>
          [name, ({ counts }: { counts: readonly number[] }) => short(counts[answer]), 'right'] as const,
      ),
    ],
    '',
  );
}

function slices({ slices: all }: Evaluation): string | null {
  if (all === undefined || all.length === 0) return null;
  const metric = SLICED_BY.find((name) => all.some(({ metrics }) => name in metrics)) ?? 'logloss';
  const table = textTable(
    all.slice(0, SHOWN_SLICES),
    [
      ['Slice', ({ column, value }) => `${column} = ${value ?? '(missing)'}`],
      ['Rows', ({ rows }) => rows],
      [metric, ({ metrics }) => short(metrics[metric]), 'right'],
      ['Interval', ({ intervals }) => textInterval(intervals[metric])],
    ],
    '',
  );
  return all.length <= SHOWN_SLICES ? table : `${table}\n… and ${all.length - SHOWN_SLICES} more`;
}

function importance({ importance: all }: Evaluation): string | null {
  if (all.length === 0) return null;
  return textTable(
    all.slice(0, SHOWN_FEATURES),
    [
      ['Feature', ({ feature }) => feature],
      ['Gain', ({ gain }) => short(gain), 'right'],
      ['Splits', ({ splits }) => splits ?? null, 'right'],
      ['Permutation', ({ permutation }) => short(permutation), 'right'],
      ['Mean |SHAP|', ({ shapley }) => short(shapley), 'right'],
    ],
    '',
  );
}

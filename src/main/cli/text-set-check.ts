import type { LabelMeasure, SetCheck, SetWarning } from '../../shared/contract/types.ts';
import { formatNumber, textTable } from './text-table.ts';

/** What a check of a training set found: the warnings, each with what to do, then the features. */
export function textSetCheck(check: SetCheck): string {
  const { warnings, features, rows, rowsWithoutTime, label } = check;
  const leaks = warnings.filter(({ severity }) => severity === 'leak').length;
  return [
    leaks === 0 ? 'No leak found.' : `${leaks === 1 ? '1 leak' : `${leaks} leaks`} found.`,
    ...warnings.flatMap((warning) => [
      `  ${warning.severity}: ${sentence(warning)}`,
      ...advice(warning).map((text) => `    → ${text}`),
    ]),
    '',
    textTable(
      features,
      [
        ['Feature', ({ name }) => name],
        ['Type', ({ type }) => type],
        ['View', ({ view }) => view],
        ['Null', ({ nulls }) => percent(nulls, rows), 'right'],
        ['Expired', ({ expired }) => percent(expired, rows), 'right'],
      ],
      'No features.',
    ),
    `${formatNumber(rows)} rows${rowsWithoutTime === 0 ? '' : `, ${formatNumber(rowsWithoutTime)} of them without a time`}${
      label === null
        ? '. Name a label with --label to look for features that tell it.'
        : `; features held against "${label.name}" on ${formatNumber(label.sampledRows)} of them.`
    }`,
  ].join('\n');
}

function sentence(warning: SetWarning): string {
  switch (warning.code) {
    case 'KNOWN_LATER':
      return `${share(warning)} got values of "${warning.view}" that became known after the row's own time, in the middle by ${duration(warning.medianLatenessMs)}: ${list(warning.columns)}.`;
    case 'KNOWN_TIME_UNKNOWN':
      return `whether values of "${warning.view}" were known in time cannot be told: for ${share(warning)} nothing says when they became known.`;
    case 'LABEL_IN_FEATURES':
      return `${list(warning.columns)} tells the label "${warning.label}" by itself: ${MEASURES[warning.measure](warning.strength)}, over ${formatNumber(warning.rows)} rows.`;
    case 'AT_THE_LABEL_TIME':
      return `${share(warning)} with a value got one of exactly their own time, ${warning.isOwnRow ? `their own row in "${warning.dataset}"` : `out of "${warning.dataset}"`}${
        warning.through === 'window' ? ', inside a window' : ''
      }: ${list(warning.columns)}.`;
    case 'LABEL_NOT_CHECKED':
      return `the label "${warning.label}" has too few rows, or too few of a second value, to hold features against it (${formatNumber(warning.rows)} rows with a label).`;
  }
}

function advice(warning: SetWarning): string[] {
  switch (warning.code) {
    case 'KNOWN_LATER':
      return ['Add --as-known row: then each row gets only what was known at its own time.'];
    case 'KNOWN_TIME_UNKNOWN':
      return ['Import the dataset with --known-time, if it has such a column.'];
    case 'LABEL_IN_FEATURES':
      return [
        `Leave it out with --without ${warning.columns.join(',')}, unless you know why it may be there.`,
      ];
    case 'AT_THE_LABEL_TIME':
      if (warning.through === 'row') return ['Make sure that these values are there before the label is.'];
      return ['Set `exclusive: true` on the aggregate, so that its window ends before the row.'];
    case 'LABEL_NOT_CHECKED':
      return [];
  }
}

const MEASURES: Readonly<Record<LabelMeasure, (strength: number) => string>> = {
  identical: () => 'it is the same column',
  presence: (strength) => `whether it has a value or not is enough (${formatNumber(strength)})`,
  auc: (strength) => `area under the curve ${formatNumber(strength)}`,
  pearson: (strength) => `correlation ${formatNumber(strength)}`,
  spearman: (strength) => `rank correlation ${formatNumber(strength)}`,
  lambda: (strength) => `it takes away ${percent(strength, 1)} of the errors of guessing`,
  'group-mean': (strength) => `its groups' means correlate with it by ${formatNumber(strength)}`,
};

const share = ({ rows, of }: { readonly rows: number; readonly of: number }): string =>
  `${formatNumber(rows)} of ${formatNumber(of)} rows (${percent(rows, of)})`;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

const UNITS_MS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** In the greatest unit that it fills: `1.5 h`. */
function duration(milliseconds: number): string {
  const [unit, size] = UNITS_MS.find(([, least]) => milliseconds >= least) ?? (['ms', 1] as const);
  return `${formatNumber(Math.round((10 * milliseconds) / size) / 10)} ${unit}`;
}

const SHOWN_COLUMNS = 6;

const list = (columns: readonly string[]): string =>
  columns.length <= SHOWN_COLUMNS
    ? columns.join(', ')
    : `${columns.slice(0, SHOWN_COLUMNS).join(', ')} and ${columns.length - SHOWN_COLUMNS} more`;

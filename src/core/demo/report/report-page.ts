import type { DriftCheck } from '../../../shared/contract/types.ts';
import { formatBytes } from '../../../shared/units.ts';
import {
  calibrationFigure,
  calibrationRows,
  distributionFigure,
  importanceFigure,
  learningFigure,
  rocFigure,
  timingsFigure,
} from './figures.ts';
import type { ModelFindings, ReportFindings } from './findings.ts';
import { duration, escapeText, grouped, percent, short, significant, table } from './markup.ts';
import { STYLE } from './style.ts';
import { arabicSummary, englishSummary } from './summaries.ts';

/** The whole report as one HTML file: no script, no network, no font but the reader's own. */
export function renderReport(findings: ReportFindings): string {
  const { report } = findings;
  const body = [
    head(findings),
    facts(findings),
    `<div class="grid2">${englishSummary(findings)}${arabicSummary(findings)}</div>`,
    comparison(findings),
    behaviour(findings),
    drift(findings),
    work(findings),
    provenance(findings),
  ].join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="generator" content="Falaj ${escapeText(report.versions['falaj'] ?? '')}"><title>Falaj: will the flight be late?</title><style>${STYLE}</style></head><body><main>${body}<footer>Made by Falaj ${escapeText(report.versions['falaj'] ?? '')} at ${escapeText(findings.madeAt)} on ${escapeText(findings.machine.cpu)}. This file holds no script and asks for nothing from a network.</footer></main></body></html>\n`;
}

function head({ report, window }: ReportFindings): string {
  const verdict = report.ok
    ? '<span class="verdict good">✓ sound</span>'
    : '<span class="verdict bad">✗ not sound</span>';
  return `<header><div><h1>Will the flight be more than 15 minutes late?</h1><span class="soft">US flights of 2001. Trained on ${day(window.trainFrom)} to ${day(window.trainTo)}, measured on the flights after it, ${day(window.testFrom)} to ${day(window.testTo)}.</span></div>${verdict}</header>`;
}

function facts({ report, machine }: ReportFindings): string {
  const { metrics, rows, timingsMs } = report;
  const cells: [string, string][] = [
    [metrics.auc.toFixed(3), `AUC; trivial baseline ${metrics.baselineAuc.toFixed(3)}`],
    [metrics.logloss.toFixed(4), `log loss; baseline ${metrics.baselineLogloss.toFixed(4)}`],
    [grouped(rows.imported), 'flights imported'],
    [grouped(rows.test), 'flights in the hold-out'],
    [duration(timingsMs.total), `from file to report, ${machine.cores} cores`],
    [formatBytes(report.peakMemoryBytes), 'peak memory, all processes'],
  ];
  return `<div class="facts">${cells.map(([value, label]) => `<div><b>${escapeText(value)}</b><span>${escapeText(label)}</span></div>`).join('')}</div>`;
}

const MEASURES: readonly {
  readonly key: string;
  readonly title: string;
  readonly better: 'higher' | 'lower';
}[] = [
  { key: 'auc', title: 'AUC', better: 'higher' },
  { key: 'logloss', title: 'Log loss', better: 'lower' },
  { key: 'brier', title: 'Brier score', better: 'lower' },
  { key: 'ece', title: 'Calibration error (ECE)', better: 'lower' },
];

function comparison({ report, model, challenger, baseline }: ReportFindings): string {
  const models = [model, challenger, baseline];
  const rows = models.map((one) => [
    `${escapeText(one.name)} <span class="soft">${escapeText(one.learner)}</span>`,
    ...MEASURES.map(({ key, better }) => {
      const value = one.metrics[key];
      if (value === undefined) return '–';
      const others = models.flatMap((other) => other.metrics[key] ?? []);
      const best = better === 'higher' ? Math.max(...others) : Math.min(...others);
      return value === best ? `<span class="win">${value.toFixed(4)} ★</span>` : value.toFixed(4);
    }),
  ]);
  const columns = [
    { title: 'Model' },
    ...MEASURES.map(({ title, better }) => ({ title: `${title}, ${better} is better`, numeric: true })),
  ];
  return `<h2>On the hold-out</h2>${table(columns, rows)}<p class="soft">All figures are computed on the last flights in time (${grouped(report.rows.test)}), none of which any model has seen. The baseline predicts each flight by its origin's late rate in the training part. ★ marks the best of a column.</p>`;
}

function behaviour({ model, challenger, baseline, importance, learning }: ReportFindings): string {
  const roc = rocFigure([
    { name: model.name, className: 'model', points: model.rocCurve, auc: model.metrics['auc'] ?? Number.NaN },
    {
      name: challenger.name,
      className: 'second',
      points: challenger.rocCurve,
      auc: challenger.metrics['auc'] ?? Number.NaN,
    },
    {
      name: 'baseline',
      className: 'base',
      points: baseline.rocCurve,
      auc: baseline.metrics['auc'] ?? Number.NaN,
    },
  ]);
  const named = (one: ModelFindings, className: string) => ({
    name: one.name,
    className,
    points: one.calibration,
  });
  const calibration = calibrationFigure([named(model, 'model'), named(challenger, 'second')]);
  const columns = [
    { title: 'Predicted', numeric: true },
    { title: 'Observed', numeric: true },
    { title: 'Flights', numeric: true },
  ];
  const values = `<details><summary>Values of ${escapeText(model.name)}</summary>${table(columns, calibrationRows(model.calibration))}</details>`;
  const curves = learning.map((series, index) => ({ ...series, className: index === 0 ? 'base' : 'model' }));
  return `<h2>How it behaves</h2><div class="grid2">${figure('ROC', roc, 'Share of late flights found against share of punctual flights flagged.')}${figure('Calibration', calibration, 'On the diagonal, of the flights given 30 % thirty in a hundred were late.', values)}${figure('What the model looks at', importanceFigure(importance), 'Share of the total gain of all splits on a feature.')}${curves.some((series) => series.points.length > 1) ? figure('Learning', learningFigure(curves), 'Training stops when the validation part no longer gains.') : ''}</div>`;
}

function drift({ drift: june, quiet }: ReportFindings): string {
  const figures = june.columns.map((column) =>
    figure(
      column.name,
      distributionFigure(column),
      `${column.test.toUpperCase()} ${significant(column.score)} is ${ratio(column)} of its threshold. Grey: training window; colour: June.`,
    ),
  );
  return `<h2>Has the world moved?</h2><p>June 2001 against the training window: <strong class="${june.drift ? 'bad' : 'good'}">${june.drift ? `✗ ${june.columns.filter((column) => column.drift).length} of ${june.columns.length} columns drifted` : '✓ no column drifted'}</strong>. Two random halves of one month, where nothing can have moved: <strong class="${quiet.drift ? 'bad' : 'good'}">${quiet.drift ? '✗ an alarm' : '✓ quiet'}</strong>.</p>${driftTable(june)}<div class="grid4">${figures.join('')}</div><h3>The quiet check</h3>${driftTable(quiet)}<p class="soft">A threshold is the score's 99 % point under no change for exactly these row counts and cells, so that scores of different sizes can be compared. Columns are judged together by the false discovery rate (Benjamini-Hochberg).</p>`;
}

function driftTable(check: DriftCheck): string {
  const columns = [
    { title: 'Column' },
    { title: 'Test' },
    { title: 'Score', numeric: true },
    { title: 'Threshold', numeric: true },
    { title: 'Score ÷ threshold', numeric: true },
    { title: 'q', numeric: true },
    { title: 'Missing', numeric: true },
    { title: 'Verdict' },
  ];
  const rows = check.columns.map((column) => [
    escapeText(column.name),
    column.test.toUpperCase(),
    significant(column.score),
    significant(column.threshold),
    ratio(column),
    column.qValue < 0.0001 ? '&lt; 0.0001' : column.qValue.toFixed(4),
    percent(column.missing.current),
    column.drift ? '<span class="bad">✗ drifted</span>' : '<span class="good">✓ stable</span>',
  ]);
  return `<p class="soft">${grouped(check.rows.reference)} against ${grouped(check.rows.current)} rows: <code>${escapeText(check.reference)}</code>, <code>${escapeText(check.current)}</code></p>${table(columns, rows)}`;
}

const ratio = (column: DriftCheck['columns'][number]): string =>
  column.threshold > 0 ? `${short(column.score / column.threshold, 2)} ×` : '–';

const TIMING_NAMES: Readonly<Record<string, string>> = {
  import: 'Import',
  define: 'Definitions',
  load: 'Load',
  join: 'Join features',
  train: 'Train',
  challenger: 'Challenger',
  score: 'Score (ONNX)',
  drift: 'Drift checks',
};

function work({ report, scoring, machine }: ReportFindings): string {
  const timings = Object.entries(TIMING_NAMES).flatMap(([key, name]) => {
    const millis = report.timingsMs[key];
    return millis === undefined ? [] : [{ name, millis }];
  });
  const columns = [{ title: 'What' }, { title: 'Figure', numeric: true }];
  const rows = [
    ['Scored through ONNX Runtime in an isolated process', `${grouped(scoring.rowsPerSecond)} rows/s`],
    [`A batch of ${grouped(scoring.batchRows)} rows, median`, `${scoring.p50Ms.toFixed(2)} ms`],
    ['The slowest of a hundred batches (p99)', `${scoring.p99Ms.toFixed(2)} ms`],
    ['Largest difference between learner and ONNX Runtime', scoring.largestDifference.toExponential(1)],
    [
      'Machine',
      `${escapeText(machine.cpu)}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)}, ${escapeText(machine.platform)}`,
    ],
    ...Object.entries(report.sizesBytes).map(([name, bytes]) => [
      escapeText(`Size: ${name}`),
      formatBytes(bytes),
    ]),
  ];
  return `<h2>The work</h2><div class="grid2">${figure('Where the time went', timingsFigure(timings), `In all ${duration(report.timingsMs.total)}.`)}<div>${table(columns, rows)}</div></div>`;
}

function provenance({ report }: ReportFindings): string {
  const columns = [{ title: 'What' }, { title: 'Value' }];
  const rows = [
    [
      'Model',
      `<code>${escapeText(`${report.model.name}:${report.model.version}`)}</code>, signed (ECDSA P-256, OpenSSF Model Signing 1.0) and verified`,
    ],
    ...Object.entries(report.hashes).map(([name, hash]) => [
      escapeText(name),
      `<code>${escapeText(hash)}</code>`,
    ]),
    [
      'Versions',
      Object.entries(report.versions)
        .map(([name, version]) => escapeText(`${name} ${version}`))
        .join(', '),
    ],
    ['Workspace', `<code>${escapeText(report.workspace)}</code>`],
    [
      'The same figures for machines',
      `<code>${escapeText(report.report.replace(/\.html$/, '.json'))}</code>`,
    ],
  ];
  return `<h2>Where it comes from</h2>${table(columns, rows)}`;
}

const figure = (title: string, content: string, caption: string, more = ''): string =>
  `<figure><h3>${escapeText(title)}</h3>${content}<figcaption>${escapeText(caption)}</figcaption>${more}</figure>`;

const day = (instant: string): string => escapeText(instant.slice(0, 10));

import type { DriftColumn, Evaluation, MetricPoint } from '../../../shared/contract/types.ts';
import { duration, escapeText, grouped, percent, short } from './markup.ts';
import {
  axes,
  FRAME,
  horizontal,
  type LegendItem,
  legend,
  picture,
  polyline,
  scale,
  vertical,
} from './plot.ts';

export interface RocSeries {
  readonly name: string;
  readonly className: string;
  readonly points: Evaluation['rocCurve'];
  readonly auc: number;
}

/** Receiver operating characteristic of every model in the report, over one chance line. */
export function rocFigure(series: readonly RocSeries[]): string {
  const x = horizontal([0, 1]);
  const y = vertical([0, 1]);
  const lines = [...series].reverse().map((one) =>
    polyline(
      one.points.map((point) => [x(point.falsePositiveRate), y(point.truePositiveRate)] as const),
      one.className,
    ),
  );
  const keys: LegendItem[] = series.map((one) => ({
    className: one.className,
    text: `${one.name}, AUC ${one.auc.toFixed(3)}`,
  }));
  const content = [
    axes(x, y, { x: 'False positive rate', y: 'True positive rate' }),
    polyline(
      [
        [x(0), y(0)],
        [x(1), y(1)],
      ],
      'chance',
    ),
    ...lines,
    legend(keys, x(0.36), y(0.2)),
  ].join('');
  const words = series.map((one) => `${one.name} ${one.auc.toFixed(3)}`).join(', ');
  return picture('ROC curves on the hold-out', `Area under the curve: ${words}. Chance is 0.5.`, content);
}

export interface CalibrationSeries {
  readonly name: string;
  readonly className: string;
  readonly points: Evaluation['calibration'];
}

/** Predicted probability against what happened; dots are groups of equally many flights. */
export function calibrationFigure(series: readonly CalibrationSeries[]): string {
  const highest = Math.max(
    0.1,
    ...series.flatMap((one) => one.points.flatMap((point) => [point.predicted, point.observed])),
  );
  const domain = [0, Math.min(1, Math.ceil(highest * 10.5) / 10)] as const;
  const x = horizontal(domain);
  const y = vertical(domain);
  const drawn = [...series].reverse().map((one) => {
    const points = one.points.map((point) => [x(point.predicted), y(point.observed)] as const);
    const dots = points
      .map(([px, py]) => `<circle class="${one.className} dot" cx="${short(px)}" cy="${short(py)}" r="2.4"/>`)
      .join('');
    return polyline(points, `${one.className} thin`) + dots;
  });
  const content = [
    axes(x, y, { x: 'Predicted probability of a delay', y: 'Share that was delayed' }),
    polyline(
      [
        [x(domain[0]), y(domain[0])],
        [x(domain[1]), y(domain[1])],
      ],
      'chance',
    ),
    ...drawn,
    legend(
      series.map((one) => ({ className: one.className, text: one.name })),
      FRAME.left + 12,
      FRAME.top + 12,
    ),
  ].join('');
  return picture(
    'Calibration on the hold-out',
    'Points on the diagonal mean that predicted probabilities come true as often as they say.',
    content,
  );
}

/** Total gain of the features that the trees used most. */
export function importanceFigure(importance: Evaluation['importance'], shown = 14): string {
  const top = [...importance].sort((a, b) => b.gain - a.gain).slice(0, shown);
  const total = importance.reduce((sum, one) => sum + one.gain, 0) || 1;
  const rowHeight = 19;
  const frame = { width: 420, height: top.length * rowHeight + 8 };
  const x = scale([0, top[0]?.gain || 1], [170, 368]);
  const bars = top.map(({ feature, gain }, index) => {
    const y = 4 + index * rowHeight;
    return `<text class="tick" x="162" y="${y + 12}" text-anchor="end">${escapeText(feature)}</text><rect class="bar" x="170" y="${y + 3}" width="${short(Math.max(0.5, x(gain) - 170))}" height="12" rx="1.5"/><text class="tick" x="${short(x(gain) + 5)}" y="${y + 12}">${percent(gain / total)}</text>`;
  });
  const first = top[0];
  const words = first
    ? `${first.feature} carries ${percent(first.gain / total)} of the gain.`
    : 'No feature was used.';
  return picture('What the model looks at', words, bars.join(''), frame);
}

export interface CurveSeries {
  readonly name: string;
  readonly className: string;
  readonly points: readonly Pick<MetricPoint, 'step' | 'value'>[];
}

/** Loss against the number of trees. */
export function learningFigure(series: readonly CurveSeries[]): string {
  const all = series.flatMap((one) => one.points);
  const values = all.map((point) => point.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = (high - low) * 0.06 || 0.01;
  const x = horizontal([
    Math.min(...all.map((point) => point.step)),
    Math.max(...all.map((point) => point.step)),
  ]);
  const y = vertical([low - margin, high + margin]);
  const content = [
    axes(x, y, { x: 'Trees', y: 'Log loss (nats)' }),
    ...series.map((one) =>
      polyline(
        one.points.map((point) => [x(point.step), y(point.value)] as const),
        one.className,
      ),
    ),
    legend(
      series.map((one) => ({ className: one.className, text: one.name })),
      FRAME.width - 170,
      FRAME.top + 14,
    ),
  ].join('');
  return picture(
    'Learning curves',
    `The log loss falls from ${high.toFixed(4)} to ${low.toFixed(4)}.`,
    content,
  );
}

/** Two distributions over the same cells: the reference in grey, the current data in the accent. */
export function distributionFigure(column: DriftColumn): string {
  const { reference, current, edges, categories } = column.distribution;
  // All other texts together would dwarf those that are named.
  const cells = categories?.at(-1) === '(other)' ? reference.length - 1 : reference.length;
  const shown = Math.min(cells, 24);
  const frame = { width: 300, height: 86 };
  const highest = Math.max(...reference.slice(0, shown), ...current.slice(0, shown), 1e-9);
  const slot = (frame.width - 8) / Math.max(1, shown);
  const y = scale([0, highest], [68, 6]);
  const bars: string[] = [];
  for (let cell = 0; cell < shown; cell++) {
    const at = 4 + cell * slot;
    const half = Math.max(0.8, slot * 0.42);
    bars.push(
      `<rect class="ref" x="${short(at)}" y="${short(y(reference[cell]!))}" width="${short(half)}" height="${short(68 - y(reference[cell]!))}"/>`,
    );
    bars.push(
      `<rect class="bar" x="${short(at + half)}" y="${short(y(current[cell]!))}" width="${short(half)}" height="${short(68 - y(current[cell]!))}"/>`,
    );
  }
  const first = edges === null ? (categories?.[0] ?? '') : short(edges[0] ?? 0, 2);
  const last = edges === null ? (categories?.[shown - 1] ?? '') : short(edges.at(-1) ?? 0, 2);
  const ends = `<text class="tick" x="4" y="81">${escapeText(first)}</text><text class="tick" x="${frame.width - 4}" y="81" text-anchor="end">${escapeText(last)}</text>`;
  const words = `${column.name}: score ${column.score.toPrecision(3)}, threshold ${column.threshold.toPrecision(3)}, ${column.drift ? 'drifted' : 'no drift'}.`;
  return picture(`Distribution of ${column.name}`, words, bars.join('') + ends, frame);
}

/** Where the time went. */
export function timingsFigure(
  timings: readonly { readonly name: string; readonly millis: number }[],
): string {
  const total = timings.reduce((sum, one) => sum + one.millis, 0) || 1;
  const rowHeight = 19;
  const frame = { width: 420, height: timings.length * rowHeight + 8 };
  let start = 0;
  const bars = timings.map(({ name, millis }, index) => {
    const y = 4 + index * rowHeight;
    const x = 110 + (start / total) * 220;
    const width = Math.max(0.8, (millis / total) * 220);
    start += millis;
    return `<text class="tick" x="102" y="${y + 12}" text-anchor="end">${escapeText(name)}</text><line class="grid" x1="110" x2="330" y1="${y + 9}" y2="${y + 9}"/><rect class="bar" x="${short(x)}" y="${y + 3}" width="${short(width)}" height="12" rx="1.5"/><text class="tick" x="340" y="${y + 12}">${duration(millis)}</text>`;
  });
  const longest = [...timings].sort((a, b) => b.millis - a.millis)[0];
  return picture(
    'Where the time went',
    longest ? `${longest.name} took longest: ${duration(longest.millis)}.` : '',
    bars.join(''),
    frame,
  );
}

/** A calibration curve as a table, for people who want the numbers. */
export const calibrationRows = (points: Evaluation['calibration']): string[][] =>
  points.map((point) => [percent(point.predicted), percent(point.observed), grouped(point.count)]);

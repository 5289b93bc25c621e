import type uPlot from 'uplot';
import type { MetricSeries, NotFinite, StepPoint, StepRange } from './metric-series.ts';

const MOST_TIP_ROWS = 10;
const MARKS: Readonly<Record<NotFinite['value'], string>> = { NaN: '×', Infinity: '▲', '-Infinity': '▼' };

/** The histories, and one more that has a place for every value that cannot be drawn, so that the cursor stops there. */
export const withBreaks = (series: readonly MetricSeries[]): (readonly StepPoint[])[] => {
  const breaks = [...new Set(series.flatMap(({ notFinite }) => notFinite.map(({ step }) => step)))];
  return [
    ...series.map(({ points }) => points),
    breaks.sort((a, b) => a - b).map((step) => ({ step, value: 0 })),
  ];
};

/** What the tip says at a place: of many curves, those nearest to the cursor. */
export function tipRows(
  series: readonly MetricSeries[],
  plot: uPlot,
  index: number,
): { readonly one: MetricSeries; readonly value: number | NotFinite['value'] }[] {
  const step = plot.data[0]![index]!;
  const top = plot.cursor.top ?? 0;
  const rows = series.flatMap((one, place) => {
    const value =
      plot.data[place + 1]?.[index] ?? one.notFinite.find((broken) => broken.step === step)?.value;
    if (value === undefined || value === null) return [];
    const distance = typeof value === 'number' ? Math.abs(plot.valToPos(value, 'y') - top) : 0;
    return [{ one, value, distance }];
  });
  if (rows.length <= MOST_TIP_ROWS) return rows;
  return rows.toSorted((a, b) => a.distance - b.distance).slice(0, MOST_TIP_ROWS);
}

/** Null when all steps are in view. */
export function rangeInView({ data, scales }: uPlot): StepRange {
  const steps = data[0]!;
  const { min, max } = scales['x']!;
  if (min === undefined || max === undefined || min === null || max === null || steps.length === 0)
    return null;
  return min <= steps[0]! && max >= steps.at(-1)! ? null : [min, max];
}

export function showRange(plot: uPlot, range: StepRange): void {
  if (range !== null) plot.setScale('x', { min: range[0], max: range[1] });
}

/** Marks where a value was not finite: NaN and minus infinity at the bottom, infinity at the top. */
export function drawBreaks(
  plot: uPlot,
  series: readonly MetricSeries[],
  token: (name: string) => string,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${String(Math.round(12 * (bbox.height / Math.max(1, plot.over.clientHeight))))}px sans-serif`;
  ctx.textAlign = 'center';
  for (const { color, notFinite } of series) {
    ctx.fillStyle = token(`--series-${String((color % 8) + 1)}`);
    for (const { step, value } of notFinite) {
      const x = plot.valToPos(step, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.textBaseline = value === 'Infinity' ? 'top' : 'bottom';
      ctx.fillText(MARKS[value], x, value === 'Infinity' ? bbox.top : bbox.top + bbox.height);
    }
  }
  ctx.restore();
}

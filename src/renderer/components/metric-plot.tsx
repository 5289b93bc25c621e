import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Format } from '../i18n/format.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useResolvedTheme } from '../shell/use-resolved-theme.ts';
import tipClasses from './chart-tip.module.css';
import { cx } from './cx.ts';
import classes from './metric-plot.module.css';
import { drawBreaks, rangeInView, showRange, tipRows, withBreaks } from './metric-plot-parts.ts';
import { alignWithin, type MetricSeries, type StepRange, smooth } from './metric-series.ts';
import { useWidth } from './use-width.ts';

export interface MetricPlotProps {
  readonly series: readonly MetricSeries[];
  readonly height: number;
  readonly yLabel: string;
  readonly xLabel: string;
  readonly logarithmic: boolean;
  /** 0 shows the points as they are; towards 1 they are averaged more. */
  readonly smoothing: number;
  /** Charts with the same key show their cursors at the same step. */
  readonly syncKey: string;
  /** The steps in view; null shows all. */
  readonly range: StepRange;
  readonly onRange: (range: StepRange) => void;
}

/** Places along the steps: more than a screen has pixels, few enough for two hundred curves. */
const MOST_STEPS = 4000;

const LONGEST_PLAIN = 10_000;

/** Bytes and other large figures in short: the axis has room for six characters. */
const tickText = (value: number | null, format: Format): string => {
  if (value === null) return '';
  return Math.abs(value) < LONGEST_PLAIN ? format.number(value, 3) : format.compact(value);
};

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const seriesColor = (color: number): string => `--series-${String((color % 8) + 1)}`;

/** uPlot inside React: made anew when its shape changes, given new data otherwise. Drag to zoom, double click to go back. */
export function MetricPlot(props: MetricPlotProps) {
  const { series, height, yLabel, xLabel, logarithmic, smoothing, syncKey, range, onRange } = props;
  const theme = useResolvedTheme();
  const format = useFormat();
  const [measure, width] = useWidth<HTMLDivElement>();
  const holder = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useMemo(() => {
    const raw = alignWithin(withBreaks(series), MOST_STEPS, range).slice(0, series.length + 1);
    if (smoothing === 0) return raw;
    const [steps, ...values] = raw;
    return [steps!, ...values.map((line) => smooth(line, smoothing)), ...values] as (number | null)[][];
  }, [series, smoothing, range]);
  const dataLatest = useRef(data);
  dataLatest.current = data;
  const shape = JSON.stringify([series.map(({ key, label, color }) => [key, label, color]), smoothing > 0]);
  const seriesLatest = useRef(series);
  seriesLatest.current = series;
  const rangeLatest = useRef(range);
  rangeLatest.current = range;
  const onRangeLatest = useRef(onRange);
  onRangeLatest.current = onRange;
  const widthKnown = width > 0;
  const widthLatest = useRef(width);
  widthLatest.current = width;

  // biome-ignore lint/correctness/useExhaustiveDependencies: theme changes the tokens' values, shape stands for the series
  useEffect(() => {
    const element = holder.current;
    if (element === null || !widthKnown) return undefined;
    const lines = seriesLatest.current;
    const faint = token('--text-faint');
    const axis = {
      stroke: faint,
      font: `11px ${token('--font-text')}`,
      labelFont: `11px ${token('--font-text')}`,
      grid: { stroke: token('--border'), width: 1 },
      ticks: { show: false },
    };
    const line = (color: string, label: string, strong: boolean): uPlot.Series => ({
      label,
      stroke: strong ? token(color) : `${token(color)}55`,
      width: strong ? 1.6 : 1,
      spanGaps: true,
      points: { show: false },
    });
    const smoothed = smoothing > 0;
    const showTip = (self: uPlot): void => {
      const box = tip.current;
      const index = self.cursor.idx;
      const left = self.cursor.left ?? -1;
      if (box === null) return;
      if (index === null || index === undefined || left < 0) {
        box.hidden = true;
        return;
      }
      const step = self.data[0]![index]!;
      box.hidden = false;
      box.replaceChildren(
        ...[
          { label: `${xLabel} ${format.integer(step)}`, color: null, value: '' },
          ...tipRows(seriesLatest.current, self, index).map(({ one, value }) => ({
            label: one.label,
            color: seriesColor(one.color),
            value: typeof value === 'number' ? format.number(value, 6) : value,
          })),
        ].map(({ label, color, value }) => {
          const row = document.createElement('div');
          const name = document.createElement('span');
          name.textContent = label;
          if (color !== null) name.style.setProperty('--mark', `var(${color})`);
          const figure = document.createElement('b');
          figure.textContent = value;
          row.append(name, figure);
          return row;
        }),
      );
      const overLeft = self.over.offsetLeft + left;
      const flip = left > self.over.clientWidth * 0.6;
      box.style.insetInlineStart = flip ? '' : `${String(overLeft + 14)}px`;
      box.style.insetInlineEnd = flip ? `${String(self.width - overLeft + 14)}px` : '';
    };
    const made = new uPlot(
      {
        width: widthLatest.current,
        height,
        legend: { show: false },
        padding: [8, 16, 0, 0],
        cursor: {
          sync: { key: syncKey, scales: ['x', null] },
          points: { size: 6 },
          drag: { x: true, y: false },
          y: false,
        },
        scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : {} },
        axes: [
          {
            ...axis,
            label: xLabel,
            labelSize: 16,
            size: 24,
            values: (_, values) => values.map((value) => format.compact(value)),
          },
          {
            ...axis,
            label: yLabel,
            labelSize: 16,
            size: 52,
            values: (_, values) => values.map((value) => tickText(value, format)),
          },
        ],
        series: [
          {},
          ...lines.map((one) => line(seriesColor(one.color), one.label, true)),
          ...(smoothed ? lines.map((one) => line(seriesColor(one.color), one.label, false)) : []),
        ],
        hooks: {
          setCursor: [showTip],
          setScale: [
            (self, scale) => {
              if (scale !== 'x') return;
              const next = rangeInView(self);
              if (next?.join() !== rangeLatest.current?.join()) onRangeLatest.current(next);
            },
          ],
          draw: [(self) => drawBreaks(self, seriesLatest.current, token)],
        },
      },
      dataLatest.current as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    showRange(made, rangeLatest.current);
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [widthKnown, shape, logarithmic, theme, format, height, xLabel, yLabel, syncKey]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  useEffect(() => {
    plot.current?.setData(data as uPlot.AlignedData, range === null);
    if (plot.current !== null) showRange(plot.current, range);
  }, [data, range]);

  return (
    <div ref={measure} className={classes.box} dir="ltr">
      <div ref={holder} aria-hidden />
      <div ref={tip} className={cx(tipClasses.tip, classes.tip)} hidden />
    </div>
  );
}

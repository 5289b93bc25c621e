import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormat } from '../i18n/use-format.ts';
import { useResolvedTheme } from '../shell/use-resolved-theme.ts';
import tipClasses from './chart-tip.module.css';
import { cx } from './cx.ts';
import classes from './metric-plot.module.css';
import { alignSeries, type StepPoint, smooth } from './metric-series.ts';
import { useWidth } from './use-width.ts';

export interface MetricSeries {
  readonly key: string;
  readonly label: string;
  /** Which of the eight series colours; the same series keeps its colour on every page. */
  readonly color: number;
  readonly points: readonly StepPoint[];
}

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
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const seriesColor = (color: number): string => `--series-${String((color % 8) + 1)}`;

/** uPlot inside React: made anew when its shape changes, given new data otherwise. Drag to zoom, double click to go back. */
export function MetricPlot(props: MetricPlotProps) {
  const { series, height, yLabel, xLabel, logarithmic, smoothing, syncKey } = props;
  const theme = useResolvedTheme();
  const format = useFormat();
  const [measure, width] = useWidth<HTMLDivElement>();
  const holder = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useMemo(() => {
    const raw = alignSeries(series.map(({ points }) => points));
    if (smoothing === 0) return raw;
    const [steps, ...values] = raw;
    return [steps!, ...values.map((line) => smooth(line, smoothing)), ...values] as (number | null)[][];
  }, [series, smoothing]);
  const dataLatest = useRef(data);
  dataLatest.current = data;
  const shape = JSON.stringify([series.map(({ key, label, color }) => [key, label, color]), smoothing > 0]);
  const seriesLatest = useRef(series);
  seriesLatest.current = series;
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
      const rows = lines.map((one, place) => ({ one, value: self.data[place + 1]?.[index] }));
      box.hidden = false;
      box.replaceChildren(
        ...[
          { label: `${xLabel} ${format.integer(self.data[0]![index]!)}`, color: null, value: '' },
          ...rows
            .filter(({ value }) => value !== null && value !== undefined)
            .map(({ one, value }) => ({
              label: one.label,
              color: seriesColor(one.color),
              value: format.number(value!, 6),
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
        padding: [8, 8, 0, 0],
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
            values: (_, values) => values.map((value) => (value === null ? '' : format.number(value, 3))),
          },
        ],
        series: [
          {},
          ...lines.map((one) => line(seriesColor(one.color), one.label, true)),
          ...(smoothed ? lines.map((one) => line(seriesColor(one.color), one.label, false)) : []),
        ],
        hooks: { setCursor: [showTip] },
      },
      dataLatest.current as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [widthKnown, shape, logarithmic, theme, format, height, xLabel, yLabel, syncKey]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  useEffect(() => plot.current?.setData(data as uPlot.AlignedData), [data]);

  return (
    <div ref={measure} className={classes.box} dir="ltr">
      <div ref={holder} aria-hidden />
      <div ref={tip} className={cx(tipClasses.tip, classes.tip)} hidden />
    </div>
  );
}

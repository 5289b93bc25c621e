import { cx } from './cx.ts';
import classes from './histogram.module.css';

export interface HistogramBar {
  readonly key: string;
  readonly height: number;
  /** Exact values, on hover. */
  readonly title: string;
}

/** Bars without axes, for column headers and profiles. `label` is its summary for screen readers. */
export function Histogram({
  bars,
  label,
  reference = false,
}: {
  readonly bars: readonly HistogramBar[];
  readonly label: string;
  readonly reference?: boolean;
}) {
  const top = bars.reduce((highest, { height }) => Math.max(highest, height), 0);
  const width = 100 / Math.max(1, bars.length);
  return (
    <svg
      className={classes.histogram}
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map((bar, index) => {
        const height = top === 0 || bar.height === 0 ? 0 : Math.max(0.8, (bar.height / top) * 29);
        return (
          <rect
            key={bar.key}
            x={index * width}
            y={29.5 - height}
            width={Math.max(0.3, width - Math.min(0.6, width * 0.2))}
            height={height}
            className={cx(classes.bar, reference && classes.reference)}
          >
            <title>{bar.title}</title>
          </rect>
        );
      })}
      <line x1={0} x2={100} y1={29.5} y2={29.5} className={classes.base} />
    </svg>
  );
}

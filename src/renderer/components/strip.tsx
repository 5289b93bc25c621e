import { cx } from './cx.ts';
import classes from './strip.module.css';

export interface StripProps {
  /** Shares from 0 to 1, oldest first; null where unknown. */
  readonly values: readonly (number | null)[];
  /** Room for so many samples; newer ones push older ones out at the left. */
  readonly capacity: number;
  readonly label: string;
  readonly tone?: 'cpu' | 'memory' | 'power' | 'engine';
}

/** A live strip: the last minutes of one load, time always running left to right. */
export function Strip({ values, capacity, label, tone = 'cpu' }: StripProps) {
  const shown = values.slice(-capacity);
  const step = 100 / Math.max(1, capacity - 1);
  const start = 100 - (shown.length - 1) * step;
  const points = shown.flatMap((value, index) =>
    value === null
      ? []
      : [`${(start + index * step).toFixed(2)},${(29 - Math.min(1, Math.max(0, value)) * 28).toFixed(2)}`],
  );
  const first = points[0]?.split(',')[0];
  return (
    <svg
      className={cx(classes.strip, classes[`tone-${tone}`])}
      viewBox="0 0 100 30"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={100} y1={29.5} y2={29.5} className={classes.base} />
      {points.length > 1 ? (
        <>
          <polygon className={classes.area} points={`${first ?? '0'},30 ${points.join(' ')} 100,30`} />
          <polyline className={classes.line} points={points.join(' ')} />
        </>
      ) : null}
    </svg>
  );
}

import { cx } from './cx.ts';
import classes from './progress-bar.module.css';

/** `fraction` null: working, but nobody knows how far. */
export function ProgressBar({
  fraction,
  label,
}: {
  readonly fraction: number | null;
  readonly label: string;
}) {
  const value = fraction === null ? undefined : Math.round(fraction * 100);
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value}
    >
      <div
        className={cx(classes.fill, fraction === null && classes.searching)}
        style={fraction === null ? undefined : { inlineSize: `${fraction * 100}%` }}
      />
    </div>
  );
}

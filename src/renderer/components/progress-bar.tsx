import { cx } from './cx.ts';
import classes from './progress-bar.module.css';

/** `fraction` null: nobody knows how far; it moves unless the work is `halted`. */
export function ProgressBar({
  fraction,
  label,
  halted = false,
}: {
  readonly fraction: number | null;
  readonly label: string;
  readonly halted?: boolean;
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
        className={cx(classes.fill, halted ? classes.halted : fraction === null && classes.searching)}
        style={fraction === null ? undefined : { inlineSize: `${fraction * 100}%` }}
      />
    </div>
  );
}

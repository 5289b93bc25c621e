import { cx } from './cx.ts';
import classes from './labels.module.css';

/** Classification labels, aliases and other short names as chips. */
export function Labels({
  values,
  accent = false,
}: {
  readonly values: readonly string[];
  readonly accent?: boolean;
}) {
  return (
    <span className={classes.chips}>
      {values.map((value) => (
        <bdi key={value} className={cx(classes.chip, accent && classes.accent)}>
          {value}
        </bdi>
      ))}
    </span>
  );
}

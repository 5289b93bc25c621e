import { useFormat } from '../../i18n/use-format.ts';
import classes from './runs.module.css';

/** A difference to the baseline: sign, figure, and colour for better or worse. */
export function Gain({ gain, difference }: { readonly gain: number | null; readonly difference?: number }) {
  const format = useFormat();
  if (gain === null) return <span className={classes.faint}>–</span>;
  const shown = difference ?? gain;
  return (
    <span dir="ltr" className={classes.gain} data-tone={gain > 0 ? 'good' : gain < 0 ? 'bad' : 'same'}>
      {shown > 0 ? '+' : shown < 0 ? '−' : ''}
      {format.number(Math.abs(shown), 3)}
    </span>
  );
}

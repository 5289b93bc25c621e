import { useFormat } from '../../../i18n/use-format.ts';
import classes from './evaluation.module.css';

export interface IntervalBarProps {
  readonly value: number;
  readonly interval: { readonly lower: number; readonly upper: number };
  /** A value to compare with, such as the baseline's. */
  readonly mark: number | null;
  /** The same scale for several bars; as wide as the bar and its mark unless given. */
  readonly scale?: readonly [number, number];
}

/** An interval as a line with its estimate, and a mark to compare with. */
export function IntervalBar({ value, interval: { lower, upper }, mark, scale }: IntervalBarProps) {
  const format = useFormat();
  const all = [lower, upper, value, ...(mark === null ? [] : [mark])];
  const [from, to] = scale ?? [Math.min(...all), Math.max(...all)];
  const at = (figure: number): string => `${4 + (92 * (figure - from)) / (to - from || 1)}%`;
  const text = `${format.fixed(lower, 3)} – ${format.fixed(upper, 3)}`;
  return (
    <span className={classes.interval}>
      <span className={classes.intervalTrack} aria-hidden>
        <span
          className={classes.intervalSpan}
          style={{ left: at(lower), width: `calc(${at(upper)} - ${at(lower)})` }}
        />
        {mark === null ? null : <i className={classes.intervalMark} style={{ left: at(mark) }} />}
        <i className={classes.intervalValue} style={{ left: at(value) }} />
      </span>
      <span>{text}</span>
    </span>
  );
}

import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import classes from './stat.module.css';

export interface StatProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
  /** Text rather than a figure. */
  readonly plain?: boolean;
}

export function Stat({ label, children, note, plain = false }: StatProps) {
  return (
    <div className={classes.stat}>
      <dt className={classes.label}>{label}</dt>
      <dd className={cx(classes.value, plain && classes.plain)}>{children}</dd>
      {note === undefined ? null : <dd className={classes.note}>{note}</dd>}
    </div>
  );
}

export function StatRow({ children }: { readonly children: ReactNode }) {
  return <dl className={classes.row}>{children}</dl>;
}

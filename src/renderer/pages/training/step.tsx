import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './training.module.css';

/** One numbered step of the form. */
export function Step({
  number,
  title,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}) {
  const format = useFormat();
  return (
    <fieldset className={classes.step}>
      <legend>
        <span className={classes.number} aria-hidden>
          {format.integer(number)}
        </span>
        {title}
      </legend>
      {children}
    </fieldset>
  );
}

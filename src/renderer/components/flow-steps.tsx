import { Fragment, type ReactNode } from 'react';
import classes from './flow-steps.module.css';

export interface FlowStep {
  readonly title: string;
  readonly content: ReactNode;
}

/** Where something came from and what came of it: steps in the direction of reading, joined by channels. */
export function FlowSteps({ steps }: { readonly steps: readonly FlowStep[] }) {
  return (
    <div className={classes.frame}>
      <ol className={classes.flow}>
        {steps.map(({ title, content }, place) => (
          <Fragment key={title}>
            {place === 0 ? null : <li className={classes.channel} aria-hidden />}
            <li className={classes.step}>
              <h3>{title}</h3>
              {content}
            </li>
          </Fragment>
        ))}
      </ol>
    </div>
  );
}

/** One of the things at a step. */
export function FlowLine({ children }: { readonly children: ReactNode }) {
  return <div className={classes.line}>{children}</div>;
}

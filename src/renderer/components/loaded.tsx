import type { ReactNode } from 'react';
import type { Query } from '../engine/use-query.ts';
import { ErrorPanel } from './error-panel.tsx';
import classes from './loaded.module.css';
import { Skeleton } from './skeleton.tsx';

export interface LoadedProps<T> {
  readonly query: Query<T>;
  readonly children: (data: T) => ReactNode;
  readonly lines?: number;
}

/** The three states of an answer: on its way, failed, here. An answer that is here stays when a refresh fails. */
export function Loaded<T>({ query, children, lines }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== undefined) {
    return (
      <div className={classes.error}>
        <ErrorPanel error={query.error} onRetry={query.refresh} />
      </div>
    );
  }
  return <Skeleton {...(lines === undefined ? {} : { lines })} />;
}

import { lazy, Suspense, useState } from 'react';
import { ErrorPanel } from '../components/error-panel.tsx';
import { useQuery } from '../engine/use-query.ts';
import classes from './gate.module.css';
import { Shell } from './shell.tsx';

const FirstStart = lazy(() =>
  import('../pages/first-start/first-start-page.tsx').then((page) => ({ default: page.FirstStartPage })),
);
const Unlock = lazy(() =>
  import('../pages/first-start/unlock-page.tsx').then((page) => ({ default: page.UnlockPage })),
);

/** What can be shown at all: nothing yet, the first start, the lock, or the workspace. */
export function Gate() {
  const status = useQuery('workspace', 'status', undefined);
  // The recovery key is shown once, after the workspace is already open: the first start stays until it is kept.
  const [starting, setStarting] = useState(false);
  if (status.data === undefined) {
    return status.error === undefined ? null : (
      <div className={classes.failure}>
        <ErrorPanel error={status.error} onRetry={status.refresh} />
      </div>
    );
  }
  if (status.data.state === 'open' && !starting) return <Shell />;
  return (
    <Suspense fallback={null}>
      {status.data.state === 'locked' ? (
        <Unlock status={status.data} onUnlocked={status.refresh} />
      ) : (
        <FirstStart
          status={status.data}
          onStarted={() => setStarting(true)}
          onDone={() => {
            status.refresh();
            setStarting(false);
          }}
        />
      )}
    </Suspense>
  );
}

import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useRef, useState } from 'react';
import type { Run } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import type { InputOf } from '../../engine/procedures.ts';
import { useQuery } from '../../engine/use-query.ts';

export type RunSpec = Omit<InputOf<'runs', 'search'>, 'offset' | 'limit'>;

export interface RunWindows {
  /** Of what is shown; undefined while the first answer is on its way. */
  readonly total: number | undefined;
  /** Undefined while the row is on its way. */
  readonly rowAt: (index: number) => Run | undefined;
  /** The first window, by which the list chooses what it shows. */
  readonly head: readonly Run[];
  readonly onView: (first: number, last: number) => void;
  /** Changes when other runs are listed, or in another order. */
  readonly listKey: string;
  /** Why what was asked for last is not what is shown. */
  readonly error: FalajError | undefined;
  readonly refresh: () => void;
}

const WINDOW = 200;

/** Runs of any number, of which the windows in view are asked for. A question that fails leaves the one before in place. */
export function useRunWindows(asked: RunSpec): RunWindows {
  const probe = useQuery('runs', 'search', { ...asked, offset: 0, limit: WINDOW });
  const good = useRef(asked);
  if (probe.data !== undefined) good.current = asked;
  const spec = good.current;
  const listKey = JSON.stringify(spec);
  const [view, setView] = useState({ first: 0, last: 0 });
  const [settled] = useDebouncedValue(view, 50);
  const firstWindow = Math.floor(settled.first / WINDOW);
  const lastWindow = Math.floor(settled.last / WINDOW);
  const head = useQuery('runs', 'search', { ...spec, offset: 0, limit: WINDOW });
  const before = useQuery('runs', 'search', { ...spec, offset: firstWindow * WINDOW, limit: WINDOW });
  const after = useQuery('runs', 'search', { ...spec, offset: lastWindow * WINDOW, limit: WINDOW });
  const onView = useCallback((first: number, last: number) => setView({ first, last }), []);
  const answers = new Map([
    [0, head.data],
    [firstWindow, before.data],
    [lastWindow, after.data],
  ]);
  return {
    total: head.data?.total,
    rowAt: (index) => answers.get(Math.floor(index / WINDOW))?.runs[index % WINDOW],
    head: head.data?.runs ?? [],
    onView,
    listKey,
    error: probe.error ?? before.error ?? after.error,
    refresh: probe.refresh,
  };
}

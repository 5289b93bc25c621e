import { useCallback, useState } from 'react';

export interface ChosenRuns {
  readonly ids: ReadonlySet<string>;
  /** Chooses a run, or chooses it no more. */
  toggle(run: string): void;
  add(runs: readonly string[]): void;
  clear(): void;
}

/** The runs that are chosen in a list, to be laid side by side. */
export function useChosenRuns(): ChosenRuns {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (run: string): void =>
      setIds((before) => {
        const next = new Set(before);
        if (!next.delete(run)) next.add(run);
        return next;
      }),
    [],
  );
  return {
    ids,
    toggle,
    add: (runs) => setIds((before) => new Set([...before, ...runs])),
    clear: () => setIds(new Set()),
  };
}

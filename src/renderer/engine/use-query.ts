import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { FalajError } from '../../shared/errors.ts';
import { useEngine } from './engine-context.tsx';
import { type Domain, type InputOf, type OutputOf, type Procedure, queryKey } from './procedures.ts';

export interface Query<Output> {
  readonly data: Output | undefined;
  readonly error: FalajError | undefined;
  /** No answer yet. */
  readonly loading: boolean;
  /** A newer answer is on its way. */
  readonly fetching: boolean;
  readonly refresh: () => void;
}

export interface QueryOptions {
  /** False: do not ask. */
  readonly enabled?: boolean;
  /** While a changed question has no answer yet, show the previous question's. */
  readonly keepPrevious?: boolean;
}

/** Asks the engine and keeps the answer true: `useQuery('data', 'get', { name })`. */
export function useQuery<D extends Domain, P extends Procedure<D>>(
  domain: D,
  procedure: P,
  input: InputOf<D, P>,
  options: QueryOptions = {},
): Query<OutputOf<D, P>> {
  const { cache } = useEngine();
  const { enabled = true, keepPrevious = false } = options;
  const key = queryKey(domain, procedure, input);
  const latestInput = useRef(input);
  latestInput.current = input;
  useEffect(
    () => (enabled ? cache.observe(key, { domain, procedure, input: latestInput.current }) : undefined),
    [cache, enabled, key, domain, procedure],
  );
  const state = useStore(cache.store, ({ queries }) => queries[key]);
  const previous = useRef<unknown>(undefined);
  if (state?.data !== undefined) previous.current = state.data;
  // An answer may be null: it is not the absence of one.
  const data = state?.data === undefined && keepPrevious ? previous.current : state?.data;
  const refresh = useCallback(() => cache.refresh(key), [cache, key]);
  return {
    data: data as OutputOf<D, P> | undefined,
    error: state?.error,
    loading: enabled && data === undefined && state?.error === undefined,
    fetching: state?.fetching ?? false,
    refresh,
  };
}

import { useCallback, useState } from 'react';
import type { EngineClient } from '../../shared/contract/types.ts';
import type { FalajError } from '../../shared/errors.ts';
import { useEngine } from './engine-context.tsx';
import { fromWire } from './engine-error.ts';

export interface Action<Input, Output> {
  /** Resolves with the answer, or undefined when it failed; the error is then in `error`. */
  readonly run: (input: Input) => Promise<Output | undefined>;
  readonly busy: boolean;
  readonly error: FalajError | undefined;
  readonly reset: () => void;
}

/** One call that changes something, with its busy and error states: `useAction((client, id: string) => client.jobs.cancel({ id }))`. */
export function useAction<Input, Output>(
  act: (client: EngineClient, input: Input) => Promise<Output>,
): Action<Input, Output> {
  const { client } = useEngine();
  const [state, setState] = useState<{ busy: boolean; error: FalajError | undefined }>({
    busy: false,
    error: undefined,
  });
  const run = useCallback(
    async (input: Input): Promise<Output | undefined> => {
      setState({ busy: true, error: undefined });
      try {
        const output = await act(client, input);
        setState({ busy: false, error: undefined });
        return output;
      } catch (error) {
        setState({ busy: false, error: fromWire(error) });
        return undefined;
      }
    },
    [act, client],
  );
  const reset = useCallback(() => setState({ busy: false, error: undefined }), []);
  return { run, ...state, reset };
}

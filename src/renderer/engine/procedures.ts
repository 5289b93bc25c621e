import type { EngineClient } from '../../shared/contract/types.ts';

/** Types of the contract's procedures by their path, so that a query is `('data', 'get', input)` and fully typed. */
export type Domain = Exclude<keyof EngineClient, 'live' | 'demo'>;
export type Procedure<D extends Domain> = keyof EngineClient[D] & string;

type Call<D extends Domain, P extends Procedure<D>> = EngineClient[D][P] extends (
  ...rest: infer Rest
) => PromiseLike<infer Output>
  ? {
      input: Rest extends [infer Input, ...unknown[]]
        ? Input
        : Rest extends [(infer Input)?, ...unknown[]]
          ? Input
          : undefined;
      output: Output;
    }
  : never;

export type InputOf<D extends Domain, P extends Procedure<D>> = Call<D, P>['input'];
export type OutputOf<D extends Domain, P extends Procedure<D>> = Call<D, P>['output'];

type LooseClient = Readonly<
  Record<
    string,
    Readonly<Record<string, (input: unknown, options: { signal: AbortSignal }) => Promise<unknown>>>
  >
>;

/** Calls a procedure by its path. The typed faces above keep every caller honest. */
export function call(
  client: EngineClient,
  domain: string,
  procedure: string,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  return (client as unknown as LooseClient)[domain]![procedure]!(input, { signal });
}

/** Stable text for one question: the cache's key. */
export const queryKey = (domain: string, procedure: string, input: unknown): string =>
  `${domain}.${procedure}${input === undefined ? '' : `?${JSON.stringify(input)}`}`;

import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { EngineClient } from '../../shared/contract/types.ts';
import { callerInterceptor } from './caller-interceptor.ts';
import { RUN_HEADER } from './reading-run.ts';
import { createSocketFetch } from './socket-fetch.ts';

/**
 * The contract over an engine's local socket.
 *
 * @param run whose program calls.
 */
export function createSocketClient(
  engine: { readonly socketPath: string; readonly token: string },
  run?: string,
): {
  readonly client: EngineClient;
  close(): void;
} {
  const fetch = createSocketFetch(engine);
  const link = new RPCLink({
    url: 'http://engine/rpc',
    fetch,
    interceptors: [callerInterceptor],
    headers: run === undefined ? {} : { [RUN_HEADER]: run },
  });
  return { client: createORPCClient<EngineClient>(link), close: fetch.close };
}

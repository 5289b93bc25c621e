import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { EngineClient } from '../../shared/contract/types.ts';
import { callerInterceptor } from './caller-interceptor.ts';
import { createSocketFetch } from './socket-fetch.ts';

/** The contract over an engine's local socket. */
export function createSocketClient(engine: { readonly socketPath: string; readonly token: string }): {
  readonly client: EngineClient;
  close(): void;
} {
  const fetch = createSocketFetch(engine);
  const link = new RPCLink({ url: 'http://engine/rpc', fetch, interceptors: [callerInterceptor] });
  return { client: createORPCClient<EngineClient>(link), close: fetch.close };
}

import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { EngineClient } from '../../shared/contract/types.ts';

/** The engine as this page reaches it: the window's scheme and the browser's host both serve /rpc beside the page. */
export function connectEngine(origin: string): EngineClient {
  return createORPCClient<EngineClient>(new RPCLink({ url: `${origin}/rpc` }));
}

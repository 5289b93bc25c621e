import type { Agent } from 'node:http';
import { type ForwardTarget, forwardToEngine, isForwarded } from './forward.ts';
import { isOwnUrl } from './own-origin.ts';
import { serveScreens } from './screens.ts';

export interface AppProtocolOptions {
  /** Folder of the built screens. */
  readonly screens: string;
  readonly engine: () => Promise<ForwardTarget>;
  readonly agent: Agent;
}

/** Answers every request of the window: screens from the installation, /rpc and /api from the engine. */
export function createAppProtocol(options: AppProtocolOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isOwnUrl(request.url)) return new Response(null, { status: 403 });
    const { pathname } = new URL(request.url);
    if (isForwarded(pathname)) return forwardToEngine(request, options.engine, options.agent);
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
    return serveScreens(options.screens, request);
  };
}

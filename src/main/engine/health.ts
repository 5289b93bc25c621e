import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers `/health/live` and `/health/ready`, which need no token and tell nothing but that. False for any other path. */
export function answerHealth(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  workspaceState: () => string,
): boolean {
  if (path !== '/health/live' && path !== '/health/ready') return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return true;
  }
  const body =
    path === '/health/live' ? { status: 'live' } : { status: 'ready', workspace: workspaceState() };
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
  return true;
}

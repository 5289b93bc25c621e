import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers `/health` (for MLflow), `/health/live` and `/health/ready`, which need no token and tell nothing but that. False for any other path. */
export function answerHealth(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  workspaceState: () => string,
): boolean {
  if (path !== '/health' && path !== '/health/live' && path !== '/health/ready') return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return true;
  }
  if (path === '/health') {
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : 'OK');
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

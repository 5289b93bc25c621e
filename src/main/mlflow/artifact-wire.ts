import type { ServerResponse } from 'node:http';

export const ARTIFACTS_PREFIX = '/api/2.0/mlflow-artifacts/';

/** No byte of an upload for so long: whoever sends it has gone. */
export const IDLE_MS = 120_000;

export function sendJson(response: ServerResponse, body: object): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

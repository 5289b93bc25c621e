import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { newNonce, protectiveHeaders } from './content-security-policy.ts';
import { isNavigation } from './navigation.ts';
import { plainPage } from './plain-page.ts';
import { findScreenFile, type ScreenFile } from './screen-files.ts';

const NONCE_MARK = '__CSP_NONCE__';

/** Answers with the screens' files; unknown paths are the index page for navigations (the page routes itself), else 404. */
export async function serveScreens(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...protectiveHeaders(null), allow: 'GET, HEAD' }).end();
    return;
  }
  const encodings = String(request.headers['accept-encoding'] ?? '');
  const found = path === '/' || path === '/index.html' ? null : await findScreenFile(folder, path, encodings);
  if (found !== null && !found.file.endsWith('.html')) return sendFile(request, response, found);
  const wantsIndex =
    path === '/' || path === '/index.html' || (isNavigation(request) && !path.startsWith('/assets/'));
  if (!wantsIndex) {
    response.writeHead(404, {
      ...protectiveHeaders(null),
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end('Not found\n');
    return;
  }
  const index = await findScreenFile(folder, '/index.html', '');
  if (index === null) {
    plainPage(
      response,
      503,
      'The screens are not built yet',
      'Run <code>npm run build</code> in the project’s folder and load this page again.',
    );
    return;
  }
  await sendIndex(request, response, index);
}

/** Each response has a nonce of its own, so the page is made anew each time and never cached. */
async function sendIndex(
  request: IncomingMessage,
  response: ServerResponse,
  index: ScreenFile,
): Promise<void> {
  const nonce = newNonce();
  const page = (await readFile(index.file, 'utf8')).replaceAll(NONCE_MARK, nonce);
  response.writeHead(200, {
    ...protectiveHeaders(nonce),
    'content-type': index.mediaType,
    'content-length': Buffer.byteLength(page),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : page);
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  found: ScreenFile,
): Promise<void> {
  const headers = {
    ...protectiveHeaders(null),
    'content-type': found.mediaType,
    'cache-control': found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: found.etag,
    vary: 'accept-encoding',
    ...(found.encoding === null ? {} : { 'content-encoding': found.encoding }),
  };
  if (request.headers['if-none-match'] === found.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': found.sizeBytes });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(found.file), response);
}

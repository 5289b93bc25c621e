import { readFile } from 'node:fs/promises';
import { requestPath } from '../engine/request-path.ts';
import { newNonce, protectiveHeaders } from '../web/content-security-policy.ts';
import { findScreenFile, type ScreenFile } from '../web/screen-files.ts';

/** In index.html this text stands where the nonce of the response belongs. */
const NONCE_MARK = '__CSP_NONCE__';

const notFound = (): Response => new Response(null, { status: 404, headers: protectiveHeaders(null) });

/**
 * Serves the built screens by the rules of the browser's door: files as they are; the index page, with a nonce of its own
 * each time, for the root and for routes that a page is wanted for.
 */
export async function serveScreens(folder: string, request: Request): Promise<Response> {
  const path = requestPath({ url: new URL(request.url).pathname });
  if (path === null) return notFound();
  const isPage = path === '/' || path === '/index.html';
  const found = isPage ? null : await findScreenFile(folder, path, '');
  if (found !== null && !found.file.endsWith('.html')) return file(found);
  const wantsPage =
    isPage || (!path.startsWith('/assets/') && (request.headers.get('accept') ?? '').includes('text/html'));
  const index = wantsPage ? await findScreenFile(folder, '/index.html', '') : null;
  return index === null ? notFound() : page(index);
}

async function file(found: ScreenFile): Promise<Response> {
  const bytes = await readFile(found.file);
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...protectiveHeaders(null),
      'content-type': found.mediaType,
      'cache-control': found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

async function page(index: ScreenFile): Promise<Response> {
  const nonce = newNonce();
  const html = (await readFile(index.file, 'utf8')).replaceAll(NONCE_MARK, nonce);
  return new Response(html, {
    headers: { ...protectiveHeaders(nonce), 'content-type': index.mediaType, 'cache-control': 'no-store' },
  });
}

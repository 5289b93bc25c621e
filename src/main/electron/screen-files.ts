import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy, NONCE_PLACEHOLDER } from './content-security-policy.ts';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The file that a URL path names below `root`; null when it names none that may be served. Decoded once; what still looks
 * encoded afterwards is only a strange file name.
 */
export function screenFile(root: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null; // malformed escape: no file has such a name
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  if (decoded.split('/').includes('..')) return null;
  const file = path.resolve(root, `.${decoded.startsWith('/') ? decoded : `/${decoded}`}`);
  return file.startsWith(path.resolve(root) + path.sep) ? file : null;
}

/** A path without an extension that a page is wanted for is a route inside the page, not a file. */
export const isRoute = (pathname: string, accept: string | null): boolean =>
  path.posix.extname(pathname) === '' && (pathname === '/' || (accept ?? '').includes('text/html'));

const notFound = (): Response => new Response(null, { status: 404 });

/** Serves the built screens: files as they are, the index page (with a fresh nonce) for routes. */
export async function serveScreens(root: string, pathname: string, accept: string | null): Promise<Response> {
  const named = pathname === '/' ? path.join(root, 'index.html') : screenFile(root, pathname);
  if (named === null) return notFound();
  const file = isRoute(pathname, accept) ? path.join(root, 'index.html') : named;
  try {
    const bytes = await readFile(file);
    return path.extname(file) === '.html' ? pageResponse(bytes.toString('utf8')) : fileResponse(file, bytes);
  } catch {
    return notFound(); // absent, or a folder
  }
}

const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

function pageResponse(html: string): Response {
  const nonce = randomBytes(16).toString('base64url');
  return new Response(html.replaceAll(NONCE_PLACEHOLDER, nonce), {
    headers: {
      ...COMMON_HEADERS,
      'content-type': MIME_TYPES['.html']!,
      'content-security-policy': contentSecurityPolicy(nonce),
      'cache-control': 'no-store',
    },
  });
}

function fileResponse(file: string, bytes: Buffer): Response {
  const type = MIME_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...COMMON_HEADERS,
      'content-type': type,
      // A worker or an image opened by itself gets no more rights than the page.
      'content-security-policy': contentSecurityPolicy(randomBytes(16).toString('base64url')),
    },
  });
}

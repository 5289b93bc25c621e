import type { IncomingMessage } from 'node:http';

/**
 * A request's path without its query, decoded once; null when it is not an origin-form target, cannot be decoded, or holds a
 * part that climbs, a NUL or a backslash. Nothing behind this point decodes it a second time.
 */
export function requestPath(request: Pick<IncomingMessage, 'url'>): string | null {
  const target = request.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return null;
  const end = target.search(/[?#]/);
  const raw = end === -1 ? target : target.slice(0, end);
  let decoded: string;
  try {
    decoded = decodeURIComponent(raw);
  } catch {
    return null;
  }
  if (/[\\\0]/.test(decoded) || decoded.split('/').some((part) => part === '..' || part === '.')) return null;
  return decoded;
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The name in a Host header, in lower case and without its port; null when it is not a host. */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i.exec(header ?? '');
  return match === null ? null : match[1]!.toLowerCase();
}

export const isLoopbackHost = (host: string): boolean =>
  LOOPBACK_NAMES.has(host) || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * True when the request was made to this door by its own page or by no page at all. A foreign Host is a rebound DNS name, a
 * foreign Origin another site's page. The Host's port is not compared (a forwarded port is common on servers without a
 * display), but a page's origin must be the very host and port that it asks.
 */
export function isOwnCaller(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  allowedNames: ReadonlySet<string>,
): boolean {
  const name = hostName(request.headers.host);
  if (name === null) return false;
  const address = request.socket.localAddress?.replace(/^::ffff:/, '') ?? '';
  const ownAddress = isIP(address) === 6 ? `[${address}]` : address;
  if (!LOOPBACK_NAMES.has(name) && !allowedNames.has(name) && name !== ownAddress) return false;
  const origin = request.headers.origin;
  if (
    origin !== undefined &&
    origin !== `http://${request.headers.host}` &&
    origin !== `https://${request.headers.host}`
  )
    return false;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' || isTopLevelVisit(request);
}

/** A link on another page may lead here: the page then loads without its cookie's rights being lent to anybody. */
const isTopLevelVisit = (request: Pick<IncomingMessage, 'headers'>): boolean =>
  request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document';

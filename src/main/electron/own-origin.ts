/** The one place the window may show. */
export const OWN_SCHEME = 'app';
export const OWN_ORIGIN = 'app://falaj';

/** `new URL('app://falaj/').origin` is the string "null" outside a page, so protocol and host are compared instead. */
export function isOwnUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    url.protocol === 'app:' &&
    url.host === 'falaj' &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}

/** What a request is for, as the session tells it. */
export type RequestUse = 'frame' | 'other';

/**
 * What a session may load: our own page in frames; for the rest also what that page makes in memory (the page's policy
 * narrows it further). `devtools` is for builds that have them.
 */
export function mayLoad(address: string, use: RequestUse, devtools: boolean): boolean {
  if (isOwnUrl(address)) return true;
  if (devtools && address.startsWith('devtools:')) return true;
  return use === 'other' && (address.startsWith('data:') || address.startsWith(`blob:${OWN_ORIGIN}/`));
}

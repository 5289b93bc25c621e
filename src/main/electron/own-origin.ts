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

/** What a session may load: our own page, and what that page makes in memory. `devtools` is for builds that have them. */
export function mayLoad(address: string, devtools: boolean): boolean {
  if (isOwnUrl(address)) return true;
  if (address.startsWith('data:')) return true; // images only: the policy of the page allows nothing else
  if (address.startsWith(`blob:${OWN_ORIGIN}/`)) return true;
  return devtools && address.startsWith('devtools:');
}

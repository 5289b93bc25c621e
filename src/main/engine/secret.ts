import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, safe in URLs and headers. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Compares in a time that tells nothing of where, or whether in length, the two differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(given), digest(expected));
}

/** The secret of an Authorization header: Bearer, or the password of Basic with any user name. */
export function presentedSecret(authorization: string | undefined): string {
  const match = /^(Bearer|Basic) +([\w\-.~+/]+=*)$/i.exec(authorization ?? '');
  if (match === null) return '';
  if (match[1]!.toLowerCase() === 'bearer') return match[2]!;
  const pair = Buffer.from(match[2]!, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

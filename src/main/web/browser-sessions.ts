import { newSecret, sameSecret } from '../engine/secret.ts';

const SESSIONS_KEPT = 64;
const KEYS_KEPT = 16;

/** Links that open the door once, and the browsers that came through it. In memory only: a restart ends them all. */
export class BrowserSessions {
  #keys: string[] = [];
  #sessions: string[] = [];

  newKey(): string {
    const key = newSecret();
    this.#keys = [...this.#keys, key].slice(-KEYS_KEPT);
    return key;
  }

  /** The session bought with a key, which is then spent; null when the key is unknown or spent. */
  exchange(given: string): string | null {
    const match = this.#keys.findIndex((key) => sameSecret(given, key));
    if (match === -1) return null;
    this.#keys.splice(match, 1);
    const session = newSecret();
    this.#sessions = [...this.#sessions, session].slice(-SESSIONS_KEPT);
    return session;
  }

  knows(given: string): boolean {
    return this.#sessions.some((session) => sameSecret(given, session));
  }
}

/** A cookie's value; the empty string when it is absent. */
export function cookieValue(header: string | undefined, name: string): string {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value ?? '';
  }
  return '';
}

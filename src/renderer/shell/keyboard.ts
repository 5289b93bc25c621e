/** What a key press means to the shell, decided without touching the page: easy to test, one place to read. */
export type KeyMeaning =
  | { readonly kind: 'palette' }
  | { readonly kind: 'key-map' }
  | { readonly kind: 'go'; readonly key: string }
  | { readonly kind: 'await-go' }
  | { readonly kind: 'enter-list' }
  | { readonly kind: 'filter' }
  | { readonly kind: 'back' }
  | null;

export interface KeyPress {
  readonly key: string;
  readonly command: boolean;
  readonly alt: boolean;
  /** The focus is where text is typed. */
  readonly typing: boolean;
  /** A menu or dialog is open and takes the keys. */
  readonly covered: boolean;
  /** `g` was pressed a moment ago. */
  readonly afterGo: boolean;
}

export function meaningOf(press: KeyPress): KeyMeaning {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (press.command && key === 'k') return { kind: 'palette' };
  if (press.command || press.alt || press.typing || press.covered) return null;
  if (press.afterGo) return { kind: 'go', key };
  switch (key) {
    case 'g':
      return { kind: 'await-go' };
    case '?':
      return { kind: 'key-map' };
    case '/':
      return { kind: 'filter' };
    case 'j':
    case 'k':
      return { kind: 'enter-list' };
    case 'Escape':
      return { kind: 'back' };
    default:
      return null;
  }
}

/** The address one level up: `/data/flights/profile` → `/data/flights` → `/data`. Null at the top. */
export function parentOf(location: string): string | null {
  const parts = location.split('/').filter((part) => part !== '');
  return parts.length < 2 ? null : `/${parts.slice(0, -1).join('/')}`;
}

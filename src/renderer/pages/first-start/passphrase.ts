/** At least so long; the vault refuses shorter ones. */
export const SHORTEST_PASSPHRASE = 8;

export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong';

const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\p{Nd}/u, 10],
  [/\s/u, 1],
  [/[\u0600-\u06ff]/u, 36],
  [/[^\p{L}\p{Nd}\s]/u, 32],
];
const HABITS = /password|passphrase|qwerty|letmein|welcome|admin|falaj|dubai|emirates|1234|abcd/giu;

/**
 * A rough lower guess of the bits an attacker must try: symbols times the bits of their classes, where repeated symbols,
 * runs (abc, 321) and well-known words count for little. It guides a person; it does not guard anything.
 */
export function passphraseBits(passphrase: string): number {
  const symbols = [...passphrase.replace(HABITS, 'x')];
  const alphabet = CLASSES.reduce(
    (size, [pattern, count]) => size + (pattern.test(passphrase) ? count : 0),
    0,
  );
  const bitsPerSymbol = Math.log2(Math.max(2, alphabet));
  let bits = 0;
  symbols.forEach((symbol, index) => {
    const step = index === 0 ? null : symbol.codePointAt(0)! - symbols[index - 1]!.codePointAt(0)!;
    const predictable = step !== null && Math.abs(step) <= 1;
    const seen = symbols.indexOf(symbol) < index;
    bits += predictable ? 0.8 : seen ? bitsPerSymbol * 0.65 : bitsPerSymbol;
  });
  return bits;
}

export function strengthOf(passphrase: string): Strength {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) return 'short';
  const bits = passphraseBits(passphrase);
  if (bits < 40) return 'weak';
  if (bits < 60) return 'fair';
  return bits < 85 ? 'good' : 'strong';
}

/** Letters and digits that are not mistaken for one another. */
const CLEAR = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Five groups of four: about 99 bits. `random` fills bytes, as `crypto.getRandomValues` does. */
export function generatePassphrase(
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): string {
  const letters: string[] = [];
  const limit = 256 - (256 % CLEAR.length);
  while (letters.length < 20) {
    for (const byte of random(new Uint8Array(32))) {
      if (byte < limit && letters.length < 20) letters.push(CLEAR[byte % CLEAR.length]!);
    }
  }
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

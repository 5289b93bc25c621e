import canonicalize from 'canonicalize';

/** RFC 8785: one text for one value, so that hashes and signatures over it can be made again elsewhere. */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Only plain values have a canonical form.');
  return text;
}

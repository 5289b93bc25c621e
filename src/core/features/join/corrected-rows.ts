/**
 * For each row of a whole history the instant at which a correction of it became known, from which on it no longer counts:
 * the earliest among all that came later. Infinite where none is ever known.
 */
export function untilCorrected(known: Float64Array, correctedBy: Int32Array): Float64Array {
  const until = new Float64Array(known.length).fill(Number.POSITIVE_INFINITY);
  for (let row = known.length - 1; row >= 0; row--) {
    const next = correctedBy[row]!;
    if (next < 0) continue;
    const knownAt = known[next]!;
    until[row] = Number.isNaN(knownAt) ? until[next]! : Math.min(knownAt, until[next]!);
  }
  return until;
}

/** The rows that a question under the cut-off may find: those that some instant knows, before it knows their correction. */
export function rowsEverKnown(
  known: Float64Array,
  until: Float64Array,
  asKnown: 'row' | number,
): Uint32Array | null {
  const rows = new Uint32Array(known.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    const isKnown =
      asKnown === 'row' ? known[row]! < until[row]! : known[row]! <= asKnown && asKnown < until[row]!;
    if (isKnown) rows[count++] = row;
  }
  return count === rows.length ? null : rows.slice(0, count);
}

/** Whether row `a` wins over row `b` of the same key by (event time, known time with null lowest, row number). */
export function supersedes(event: Float64Array, known: Float64Array | null, a: number, b: number): boolean {
  if (event[a]! !== event[b]!) return event[a]! > event[b]!;
  if (known !== null) {
    const knownA = known[a]!;
    const knownB = known[b]!;
    if (knownA > knownB) return true;
    if (knownA < knownB) return false;
    if (Number.isNaN(knownA) !== Number.isNaN(knownB)) return Number.isNaN(knownB);
  }
  return a > b;
}

/**
 * A history in the order in which its facts come into use, so that one binary search finds what held at any time. The
 * places of key `k` are `starts[k]` to `starts[k + 1]`.
 */
export interface PointInTimeIndex {
  readonly starts: Uint32Array;
  /** The instant from which the fact of a place may be used; ascending within a key. */
  readonly usableFrom: Float64Array;
  /** Row of the fact that wins among those of its key up to this place. */
  readonly winner: Uint32Array;
  /** The winner's event time; NaN where there is no winner any more. */
  readonly winnerEvent: Float64Array;
}

import { buildTimeline, type KeyedHistory, type KeyedSpine } from './timeline.ts';

export interface PointInTimeQuery {
  readonly history: KeyedHistory;
  readonly spine: KeyedSpine;
  /** How old the winner may be, inclusive; null = any age. Judged after the winner is chosen. */
  readonly ttlMicros: number | null;
}

/** What stands in place of a row: no fact held at that time. */
export const NO_WINNER = -1;
/** The fact that held was too old. */
export const EXPIRED_WINNER = -2;

/**
 * For each spine row the history row that held at its time: among the rows of its key with `event <= time` (and known
 * by the cut-off) the one with the greatest event time, then known time (null lowest), then row number.
 * NO_WINNER where there is none, EXPIRED_WINNER where the winner is older than `ttlMicros`: it is never replaced by an
 * older row.
 */
export function pointInTimeWinners(query: PointInTimeQuery): Int32Array {
  const { history, spine, ttlMicros } = query;
  const winners = new Int32Array(spine.key.length).fill(NO_WINNER);
  const { keys, arrivals, usableFrom, arrivalEvent, questions, questionTime } = buildTimeline(history, spine);
  const ttl = ttlMicros ?? Number.POSITIVE_INFINITY;
  for (let key = 0; key < keys; key++) {
    let question = questions.starts[key]!;
    const lastQuestion = questions.starts[key + 1]!;
    let arrival = arrivals.starts[key]!;
    const lastArrival = arrivals.starts[key + 1]!;
    let best = -1;
    for (; question < lastQuestion; question++) {
      const time = questionTime[question]!;
      for (; arrival < lastArrival && usableFrom[arrival]! <= time; arrival++) {
        if (best < 0 || supersedes(arrivalEvent, history.known, arrivals.rows, arrival, best)) best = arrival;
      }
      if (best >= 0) {
        winners[questions.rows[question]!] =
          arrivalEvent[best]! >= time - ttl ? arrivals.rows[best]! : EXPIRED_WINNER;
      }
    }
  }
  return winners;
}

/** Whether arrival `a` wins over `b` by (event time, known time with null lowest, row number). */
export function supersedes(
  event: Float64Array,
  known: Float64Array | null,
  rows: Uint32Array,
  a: number,
  b: number,
): boolean {
  if (event[a]! !== event[b]!) return event[a]! > event[b]!;
  const rowA = rows[a]!;
  const rowB = rows[b]!;
  if (known !== null) {
    const knownA = known[rowA]!;
    const knownB = known[rowB]!;
    if (knownA > knownB) return true;
    if (knownA < knownB) return false;
    if (Number.isNaN(knownA) !== Number.isNaN(knownB)) return Number.isNaN(knownB);
  }
  return rowA > rowB;
}

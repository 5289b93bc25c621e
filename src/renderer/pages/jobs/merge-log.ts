import type { JobLogLine } from '../../../shared/contract/types.ts';

/** Two parts of one log as one, by sequence, each line once: live lines may repeat what was already read. */
export function mergeLog(before: readonly JobLogLine[], more: readonly JobLogLine[]): readonly JobLogLine[] {
  if (more.length === 0) return before;
  const last = before.at(-1)?.sequence ?? Number.NEGATIVE_INFINITY;
  if (more.every((line, place) => line.sequence > (more[place - 1]?.sequence ?? last)))
    return [...before, ...more];
  const bySequence = new Map([...before, ...more].map((line) => [line.sequence, line]));
  return [...bySequence.values()].sort((left, right) => left.sequence - right.sequence);
}

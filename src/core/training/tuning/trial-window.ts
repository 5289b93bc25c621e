export interface TrialWindow<Result> {
  readonly count: number;
  /** A trial begins once all that lie this many places before it have ended: 1 means one after another. */
  readonly lag: number;
  /** Under way at once; no more than the lag are. */
  readonly most: number;
  /** Asked before a trial begins; after a no, none begins any more. */
  readonly mayBegin: (place: number) => boolean;
  /** @param before results of the first `place - lag + 1` trials, and of no others, whichever have ended by now. */
  readonly begin: (place: number, before: readonly Result[]) => Promise<Result>;
  /** Told in order, whatever the order they end in. */
  readonly onResult: (place: number, results: readonly Result[]) => void;
}

/**
 * Carries out trials side by side. What a trial is told of the others depends on its place alone, never on which of them was
 * quicker, so that a search finds the same on every machine.
 */
export async function inWindow<Result>(window: TrialWindow<Result>): Promise<Result[]> {
  const { count, lag, most, mayBegin, begin, onResult } = window;
  const inOrder: Result[] = [];
  const early = new Map<number, Result>();
  const running = new Set<Promise<void>>();
  let next = 0;
  let isOpen = true;

  const finish = (place: number, result: Result): void => {
    early.set(place, result);
    for (let at = inOrder.length; early.has(at); at++) {
      inOrder.push(early.get(at)!);
      early.delete(at);
      onResult(at, inOrder);
    }
  };
  const start = (place: number): void => {
    const ending = begin(place, inOrder.slice(0, Math.max(0, place - lag + 1)))
      .then((result) => finish(place, result))
      .finally(() => running.delete(ending));
    running.add(ending);
  };

  try {
    for (;;) {
      while (isOpen && next < count && running.size < most && next - lag < inOrder.length) {
        isOpen = mayBegin(next);
        if (isOpen) start(next++);
      }
      if (running.size === 0) return inOrder;
      await Promise.race(running);
    }
  } catch (error) {
    // The others come to their end before the search does.
    await Promise.allSettled(running);
    throw error;
  }
}

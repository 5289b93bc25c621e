/** Candidates of which the best is wanted, and which end without being asked: those that ended go when they come to the top. */
export class WinnerHeap {
  readonly #wins: (a: number, b: number) => boolean;
  readonly #heap: number[] = [];

  constructor(wins: (a: number, b: number) => boolean) {
    this.#wins = wins;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  add(candidate: number): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(candidate);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#wins(candidate, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = candidate;
  }

  /** The best of those that have not ended; null when there is none. */
  best(hasEnded: (candidate: number) => boolean): number | null {
    while (this.#heap.length > 0 && hasEnded(this.#heap[0]!)) this.#dropTop();
    return this.#heap[0] ?? null;
  }

  #dropTop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#wins(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#wins(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}

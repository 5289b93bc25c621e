/** Which jobs wait for the end of which. */
export class Dependencies {
  readonly #waitsFor = new Map<string, Set<string>>();
  readonly #awaitedBy = new Map<string, Set<string>>();

  /** `pending` are the jobs, at least one, whose end it waits for. */
  add(id: string, pending: readonly string[]): void {
    this.#waitsFor.set(id, new Set(pending));
    for (const other of pending) {
      const waiting = this.#awaitedBy.get(other) ?? new Set();
      waiting.add(id);
      this.#awaitedBy.set(other, waiting);
    }
  }

  has(id: string): boolean {
    return this.#waitsFor.has(id);
  }

  get size(): number {
    return this.#waitsFor.size;
  }

  /** True when it waited here. */
  delete(id: string): boolean {
    const pending = this.#waitsFor.get(id);
    if (pending === undefined) return false;
    for (const other of pending) {
      const waiting = this.#awaitedBy.get(other);
      waiting?.delete(id);
      if (waiting?.size === 0) this.#awaitedBy.delete(other);
    }
    return this.#waitsFor.delete(id);
  }

  /** Those that waited for a job, which has ended. */
  awaiting(id: string): readonly string[] {
    return [...(this.#awaitedBy.get(id) ?? [])];
  }

  /** A job succeeded: those that wait for nothing more, which leave. */
  succeeded(id: string): readonly string[] {
    const ready: string[] = [];
    for (const waiting of this.awaiting(id)) {
      const pending = this.#waitsFor.get(waiting)!;
      pending.delete(id);
      if (pending.size > 0) continue;
      this.#waitsFor.delete(waiting);
      ready.push(waiting);
    }
    this.#awaitedBy.delete(id);
    return ready;
  }

  clear(): void {
    this.#waitsFor.clear();
    this.#awaitedBy.clear();
  }
}

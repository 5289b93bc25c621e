import type { JobPriority } from '../../shared/contract/types.ts';

const PRIORITIES: readonly JobPriority[] = ['high', 'normal', 'low'];

/** Jobs that wait for their turn: by priority, and in the order in which they came within one. */
export class WaitingLine {
  readonly #jobs: Readonly<Record<JobPriority, Set<string>>> = {
    high: new Set(),
    normal: new Set(),
    low: new Set(),
  };

  get size(): number {
    return PRIORITIES.reduce((sum, priority) => sum + this.#jobs[priority].size, 0);
  }

  add(id: string, priority: JobPriority): void {
    this.#jobs[priority].add(id);
  }

  has(id: string): boolean {
    return PRIORITIES.some((priority) => this.#jobs[priority].has(id));
  }

  /** True when it stood here. */
  delete(id: string): boolean {
    return PRIORITIES.some((priority) => this.#jobs[priority].delete(id));
  }

  clear(): void {
    for (const priority of PRIORITIES) this.#jobs[priority].clear();
  }

  /** The next first. What is deleted on the way is not met again. */
  *[Symbol.iterator](): Iterator<string> {
    for (const priority of PRIORITIES) yield* this.#jobs[priority];
  }
}

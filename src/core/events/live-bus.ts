import type { ChangedRoom, LiveEvent } from '../../shared/contract/types.ts';

/**
 * What the engine tells whoever listens. State lives in the rooms; an event only says that it is worth asking again, or
 * carries a sample that is never stored. Listeners must not block and must not throw.
 */
export class LiveBus {
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  readonly notify = (room: ChangedRoom): void => this.publish({ topic: 'changes', room });

  readonly publish = (event: LiveEvent): void => {
    for (const listener of this.#listeners) listener(event);
  };

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

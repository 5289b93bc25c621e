import { FalajError } from '../../shared/errors.ts';

/** Words of the shared control area, a cache line apart. */
const WORD = {
  team: 0,
  generation: 16,
  done: 32,
  arrived: 48,
  barrier: 64,
  command: 80,
  claimed: 96,
  claimsDone: 112,
  failed: 128,
} as const;

const CONTROL_WORDS = 144;
/** Of shared memory, zeroed, that a team meets in. */
export const CONTROL_BYTES = CONTROL_WORDS * 4;

const CLOSED = 1 << 30;
const SPIN_MICROS = 30;
const LOADS_PER_LOOK_AT_THE_CLOCK = 64;
/** Spins are given up for a while after so many more failures than successes. */
const PATIENCE = 8;
const WAITS_WITHOUT_SPINNING = 256;
const CHECK_AFTER_MS = 1000;

/**
 * The threads of one fit, which meet in shared memory. The leader gives commands; helpers wait for them, and all may meet at
 * a barrier inside. Waiting spins for at most 30 µs and then sleeps; where another program holds the processor spins
 * keep failing and are left out.
 */
export class ThreadTeam {
  readonly #control: Int32Array;
  readonly #nowMicros: () => number;
  #size = 1;
  #luck = PATIENCE;
  #waitsWithoutSpinning = 0;

  constructor(buffer: ArrayBufferLike, control: number, nowMicros: () => number) {
    this.#control = new Int32Array(buffer, control, CONTROL_WORDS);
    this.#nowMicros = nowMicros;
  }

  /** Threads that take part; known once the team is closed. */
  get size(): number {
    return this.#size;
  }

  /** A helper's number from 1, or null when it comes too late. */
  join(): number | null {
    for (;;) {
      const before = Atomics.load(this.#control, WORD.team);
      if (before & CLOSED) return null;
      if (Atomics.compareExchange(this.#control, WORD.team, before, before + 1) !== before) continue;
      Atomics.notify(this.#control, WORD.team);
      return before + 1;
    }
  }

  /** The next of `count` pieces of work that any thread may take, or null when all are taken. */
  claim(count: number): number | null {
    const index = Atomics.add(this.#control, WORD.claimed, 1);
    return index < count ? index : null;
  }

  reportClaim(): void {
    Atomics.add(this.#control, WORD.claimsDone, 1);
    Atomics.notify(this.#control, WORD.claimsDone);
  }

  /** Leader: waits for all claimed work, then, at most `patienceMs`, for helpers that are still starting. */
  close(claims: number, helpers: number, patienceMs: number): void {
    for (let done = this.#load(WORD.claimsDone); done < claims; done = this.#load(WORD.claimsDone))
      this.#waitWhile(WORD.claimsDone, done);
    const end = this.#nowMicros() + patienceMs * 1000;
    for (let joined = this.#load(WORD.team); joined < helpers; joined = this.#load(WORD.team)) {
      const leftMs = (end - this.#nowMicros()) / 1000;
      if (leftMs <= 0) break;
      Atomics.wait(this.#control, WORD.team, joined, leftMs);
    }
    this.#size = 1 + Atomics.or(this.#control, WORD.team, CLOSED);
  }

  /** Leader: has all threads do a command, does its own part, and returns when all have finished. */
  lead(command: number, ownPart: () => void): void {
    if (this.#size > 1) {
      Atomics.store(this.#control, WORD.command, command);
      Atomics.store(this.#control, WORD.done, 0);
      Atomics.add(this.#control, WORD.generation, 1);
      Atomics.notify(this.#control, WORD.generation);
    }
    ownPart();
    const helpers = this.#size - 1;
    for (let done = this.#load(WORD.done); done < helpers && helpers > 0; done = this.#load(WORD.done))
      this.#waitWhile(WORD.done, done);
  }

  /** Leader: lets the helpers go, without waiting; `failed` also where they stand at a barrier. */
  dismiss(command: number, failed: boolean): void {
    Atomics.or(this.#control, WORD.team, CLOSED);
    if (failed) Atomics.store(this.#control, WORD.failed, 1);
    Atomics.store(this.#control, WORD.command, command);
    Atomics.add(this.#control, WORD.generation, 1);
    for (const word of [WORD.generation, WORD.barrier]) Atomics.notify(this.#control, word);
  }

  /** Helper: the command of generation `after` + 1. The first also tells the team's size. */
  follow(after: number): number {
    this.#waitWhile(WORD.generation, after);
    this.#size = 1 + (this.#load(WORD.team) & ~CLOSED);
    return this.#load(WORD.command);
  }

  finish(): void {
    const helpers = this.#size - 1;
    if (Atomics.add(this.#control, WORD.done, 1) + 1 === helpers) Atomics.notify(this.#control, WORD.done);
  }

  /** Helper: tells the leader that this thread cannot go on. */
  fail(): void {
    Atomics.store(this.#control, WORD.failed, 1);
    for (const word of [WORD.done, WORD.barrier, WORD.claimsDone]) Atomics.notify(this.#control, word);
  }

  /** Returns when all threads have come. */
  barrier(): void {
    if (this.#size === 1) return;
    const generation = this.#load(WORD.barrier);
    if (Atomics.add(this.#control, WORD.arrived, 1) + 1 === this.#size) {
      Atomics.store(this.#control, WORD.arrived, 0);
      Atomics.add(this.#control, WORD.barrier, 1);
      Atomics.notify(this.#control, WORD.barrier);
      return;
    }
    this.#waitWhile(WORD.barrier, generation);
  }

  #load(word: number): number {
    return Atomics.load(this.#control, word);
  }

  #waitWhile(word: number, value: number): void {
    if (this.#waitsWithoutSpinning > 0) this.#waitsWithoutSpinning--;
    else if (this.#spin(word, value)) return;
    while (this.#load(word) === value) {
      Atomics.wait(this.#control, word, value, CHECK_AFTER_MS);
      if (this.#load(WORD.failed) !== 0)
        throw new FalajError('CHILD_FAILED', 'A thread that helped to learn failed.', {
          hint: 'Try again; with less memory in use, or one thread.',
        });
    }
  }

  #spin(word: number, value: number): boolean {
    const end = this.#nowMicros() + SPIN_MICROS;
    do {
      for (let load = 0; load < LOADS_PER_LOOK_AT_THE_CLOCK; load++) {
        if (this.#load(word) === value) continue;
        this.#luck = Math.min(PATIENCE, this.#luck + 1);
        return true;
      }
    } while (this.#nowMicros() < end);
    if (--this.#luck < 0) {
      this.#luck = 0;
      this.#waitsWithoutSpinning = WAITS_WITHOUT_SPINNING;
    }
    return false;
  }
}

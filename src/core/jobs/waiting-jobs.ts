import type { JobNeeds, JobPriority, JobWait } from '../../shared/contract/types.ts';
import { Dependencies } from './dependencies.ts';
import type { Claim, FreeSlots } from './free-slots.ts';
import type { JobLane } from './job-kind.ts';
import { WaitingLine } from './waiting-line.ts';

const ALONE: JobNeeds = { cpus: 1, memoryBytes: null, gpus: 0, gpuMemoryBytes: null };

/** Where queued jobs wait: until a time, for other jobs, or in line. A job waits in one place at most. */
export class WaitingJobs {
  readonly #lines: Readonly<Record<JobLane, WaitingLine>> = {
    engine: new WaitingLine(),
    training: new WaitingLine(),
    script: new WaitingLine(),
  };
  /** Of scripts that stand in line. */
  readonly #needs = new Map<string, JobNeeds>();
  /** Whose turn it was when the machine had too little left. */
  readonly #short = new Set<string>();
  readonly #dependencies = new Dependencies();
  readonly #delayed = new Map<string, NodeJS.Timeout>();

  get size(): number {
    const inLine = Object.values(this.#lines).reduce((sum, line) => sum + line.size, 0);
    return inLine + this.#dependencies.size + this.#delayed.size;
  }

  inLine(lane: JobLane): number {
    return this.#lines[lane].size;
  }

  has(id: string): boolean {
    const stands = Object.values(this.#lines).some((line) => line.has(id));
    return stands || this.#dependencies.has(id) || this.#delayed.has(id);
  }

  reasonOf(id: string): Exclude<JobWait, 'paused'> {
    if (this.#dependencies.has(id)) return 'jobs';
    if (this.#delayed.has(id)) return 'delay';
    return this.#short.has(id) ? 'resources' : 'turn';
  }

  delay(id: string, delayMs: number, then: () => void): void {
    const due = (): void => {
      this.#delayed.delete(id);
      then();
    };
    this.#delayed.set(id, setTimeout(due, delayMs));
  }

  /** `pending` are the jobs, at least one, that have not ended. */
  until(id: string, pending: readonly string[]): void {
    this.#dependencies.add(id, pending);
  }

  standInLine(id: string, place: { lane: JobLane; priority: JobPriority; needs: JobNeeds | null }): void {
    if (place.lane === 'script') this.#needs.set(id, place.needs ?? ALONE);
    this.#lines[place.lane].add(id, place.priority);
  }

  /** To the end of those of this priority; false when it does not stand in that line. */
  move(id: string, lane: JobLane, priority: JobPriority): boolean {
    if (!this.#lines[lane].delete(id)) return false;
    this.#lines[lane].add(id, priority);
    return true;
  }

  leave(id: string): void {
    for (const line of Object.values(this.#lines)) line.delete(id);
    this.#needs.delete(id);
    this.#short.delete(id);
    this.#dependencies.delete(id);
    clearTimeout(this.#delayed.get(id));
    this.#delayed.delete(id);
  }

  /** The first of a lane, whose places are all alike. They leave. */
  take(lane: JobLane, most: number): string[] {
    const taken: string[] = [];
    for (const id of this.#lines[lane]) {
      if (taken.length >= most) break;
      this.leave(id);
      taken.push(id);
    }
    return taken;
  }

  /** The scripts that find what they need, which leave; those whose turn it was in vain for the first time; and whether any waits for a GPU. */
  takeScripts(free: FreeSlots): {
    readonly begin: readonly { readonly id: string; readonly claim: Claim }[];
    readonly short: readonly string[];
    readonly wantGpus: boolean;
  } {
    const begin: { id: string; claim: Claim }[] = [];
    const short: string[] = [];
    let wantGpus = false;
    for (const id of this.#lines.script) {
      if (free.isFull) break;
      const needs = this.#needs.get(id)!;
      const claim = free.place(needs);
      if (claim !== null) {
        free.take(claim);
        this.leave(id);
        begin.push({ id, claim });
        continue;
      }
      free.reserve(needs);
      wantGpus ||= needs.gpus > 0;
      if (!this.#short.has(id)) short.push(id);
      this.#short.add(id);
    }
    return { begin, short, wantGpus };
  }

  /** Scripts in line that need GPUs. */
  forGpus(): { readonly id: string; readonly needs: JobNeeds }[] {
    return [...this.#needs].filter(([, { gpus }]) => gpus > 0).map(([id, needs]) => ({ id, needs }));
  }

  /** A job succeeded: those that wait for nothing more, which leave. */
  succeeded(id: string): readonly string[] {
    return this.#dependencies.succeeded(id);
  }

  /** Those that wait for a job. */
  awaiting(id: string): readonly string[] {
    return this.#dependencies.awaiting(id);
  }

  clear(): void {
    for (const line of Object.values(this.#lines)) line.clear();
    this.#needs.clear();
    this.#short.clear();
    this.#dependencies.clear();
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
  }
}

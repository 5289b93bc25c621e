import { oneSpelling } from '../health/nvidia-figures.ts';
import type { FollowedCommand, Surroundings } from '../surroundings.ts';
import {
  type AcceleratorLoad,
  NVIDIA_LOAD_FIELDS,
  nvidiaAlarm,
  parseNvidiaLoad,
} from './accelerator-load.ts';

/** A row older than this is not shown as now. */
const STALE_MS = 5_000;
/** A tool that ended is started again after this, for a driver may come back. */
const RESTART_MS = 30_000;

interface NvidiaRow {
  readonly at: number;
  readonly load: AcceleratorLoad;
  readonly alarm: string;
}

/** One `nvidia-smi` that prints every second: a process a tick would cost a hundred times more. */
export class NvidiaStream {
  readonly #around: Surroundings;
  readonly #fields: readonly string[];
  readonly #rows = new Map<string, NvidiaRow>();
  #command: FollowedCommand | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;

  constructor(around: Surroundings, supported: readonly string[]) {
    this.#around = around;
    this.#fields = oneSpelling(NVIDIA_LOAD_FIELDS.filter((field) => supported.includes(field)));
  }

  /** The newest row of each card; starts the tool when it is not running. */
  read(): readonly AcceleratorLoad[] {
    const now = this.#around.clock();
    if (this.#command === null && now - this.#startedAt >= RESTART_MS) this.#start(now);
    return this.#fresh().map((row) => row.load);
  }

  /** Changes when a card is lost, found, in error or in need of a reset. */
  get alarm(): string {
    return this.#fresh()
      .map(({ load, alarm }) => `${load.id} ${alarm}`)
      .sort()
      .join('\n');
  }

  stop(): void {
    this.#command?.stop();
    this.#command = null;
    this.#rows.clear();
  }

  #fresh(): readonly NvidiaRow[] {
    const now = this.#around.clock();
    return [...this.#rows.values()].filter((row) => now - row.at <= STALE_MS);
  }

  #start(now: number): void {
    this.#startedAt = now;
    const command = this.#around.follow(
      'nvidia-smi',
      [`--query-gpu=${this.#fields.join(',')}`, '--format=csv,noheader,nounits', '-lms', '1000'],
      (line) => {
        const load = parseNvidiaLoad(line, this.#fields);
        if (!load) return;
        const alarm = nvidiaAlarm(line, this.#fields);
        this.#rows.set(load.id, { at: this.#around.clock(), load, alarm });
      },
    );
    this.#command = command;
    void command.exited.then(() => {
      if (this.#command === command) this.#command = null;
    });
  }
}

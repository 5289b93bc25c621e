import type { JobLogLine } from '../../shared/contract/types.ts';

type Level = JobLogLine['level'];

export interface JobLogOptions {
  /** The number of a job's last line, 0 before the first. */
  readonly lastSequence: (job: string) => number;
  /** Keeps lines, all or none of them. */
  readonly keep: (job: string, lines: readonly JobLogLine[]) => void;
  readonly publish: (job: string, line: JobLogLine) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Lines wait this long for others: a script that prints without end would else write the disk once a line. */
const FLUSH_MS = 100;
/** Of a line that never ends. */
const LONGEST_LINE = 8_192;
/** A job keeps so much from its start, and its last lines; what lies between is counted. */
const KEPT_CHARACTERS = 8_000_000;
const LAST_LINES = 500;

interface Open {
  sequence: number;
  characters: number;
  waiting: JobLogLine[];
  /** The newest lines beyond what is kept from the start. */
  last: { readonly level: Level; readonly text: string; readonly at: string }[];
  leftOut: number;
}

/** What running jobs say: written a few times a second, and never more of one job than a person could read. */
export class JobLog {
  readonly #options: JobLogOptions;
  readonly #open = new Map<string, Open>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: JobLogOptions) {
    this.#options = options;
  }

  add(job: string, level: Level, text: string): void {
    const open = this.#of(job);
    const line = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)} …` : text;
    const at = new Date(this.#options.clock()).toISOString();
    open.characters += line.length + 1;
    if (open.characters > KEPT_CHARACTERS) {
      open.last.push({ level, text: line, at });
      // Half of them at a time: taking one off the front of an array moves all others.
      if (open.last.length > 2 * LAST_LINES) open.leftOut += open.last.splice(0, LAST_LINES).length;
      return;
    }
    open.waiting.push({ sequence: ++open.sequence, at, level, text: line });
    this.#timer ??= setTimeout(() => this.#flushLater(), FLUSH_MS);
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [job, open] of this.#open) {
      if (open.waiting.length === 0) continue;
      const lines = open.waiting;
      this.#options.keep(job, lines);
      open.waiting = [];
      for (const line of lines) this.#options.publish(job, line);
    }
  }

  /** The job has ended: writes its last lines, and how many before them were left out. Once more, where the disk did not take them. */
  end(job: string): void {
    const open = this.#open.get(job);
    if (open === undefined) return;
    open.leftOut += open.last.splice(0, Math.max(0, open.last.length - LAST_LINES)).length;
    if (open.leftOut > 0) {
      const text = `… ${open.leftOut} lines were left out: the log of a job keeps its first ${KEPT_CHARACTERS / 1e6} MB and its last ${LAST_LINES} lines.`;
      open.waiting.push({ sequence: ++open.sequence, at: open.last[0]!.at, level: 'warn', text });
      open.leftOut = 0;
    }
    for (const line of open.last) open.waiting.push({ ...line, sequence: ++open.sequence });
    open.last = [];
    this.flush();
    this.#open.delete(job);
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch {
      // The lines wait for the next ones, or for the job's end, which then fails for the same reason and says so.
    }
  }

  #of(job: string): Open {
    let open = this.#open.get(job);
    if (open === undefined) {
      const sequence = this.#options.lastSequence(job);
      open = { sequence, characters: 0, waiting: [], last: [], leftOut: 0 };
      this.#open.set(job, open);
    }
    return open;
  }
}

import type { ReadLogState } from '../../../shared/contract/types.ts';
import type { FeatureServiceDefinition } from '../../../shared/definitions/features.ts';
import { toFalajError } from '../../../shared/errors.ts';
import { microsToIso, type Table } from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import type { Store } from '../../store/index.ts';
import type { OnlineAnswer } from '../online-answer.ts';
import type { JsonValue } from '../packed-row.ts';
import type { SkewReports } from '../skew/skew-reports.ts';
import { answerCell, lettersOf } from './logged-cell.ts';
import type { ReadLogPlan } from './read-log-plan.ts';
import { type ReadBody, ReadTable } from './read-table.ts';

export interface ReadLogOptions {
  readonly store: Store;
  /** The services in force. */
  readonly services: () => readonly FeatureServiceDefinition[];
  /** They hold values of the reads, and go with them. */
  readonly reports: SkewReports;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

interface Waiting {
  readonly plan: ReadLogPlan;
  readonly at: number;
  readonly keys: readonly JsonValue[];
  readonly answer: OnlineAnswer;
}

/** What a burst may hold in memory; beyond it reads are counted and dropped, never waited for. */
const MOST_WAITING_CELLS = 500_000;
/** One commit each: few enough that what comes meanwhile waits for milliseconds, enough that commits are rare. */
const BATCH_CELLS = 25_000;
const FLUSH_AFTER_MS = 2000;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNE_NEXT_MS = 100;
const PRUNED_ROWS = 2000;

/**
 * Keeps a sample of the values that were served. A read only puts its answer into a queue; a timer writes the queue, and
 * so does closing. An engine that is killed loses what had not been written.
 */
export class ReadLog {
  readonly #options: ReadLogOptions;
  readonly #table: ReadTable;
  readonly #random: () => number;
  readonly #layoutIds = new WeakMap<ReadLogPlan, number>();
  #waiting: Waiting[] = [];
  #waitingCells = 0;
  readonly #dropped = new Map<string, number>();
  #failure: string | null = null;
  #flushTimer: NodeJS.Timeout | null = null;
  #pruneTimer: NodeJS.Timeout | null = null;

  constructor(options: ReadLogOptions) {
    this.#options = options;
    this.#table = new ReadTable(options.store);
    this.#random = options.random ?? Math.random;
  }

  get table(): ReadTable {
    return this.#table;
  }

  /** Takes its sample of the answers; `keys` has a row for each. Writes nothing. */
  offer(plan: ReadLogPlan, keys: Table, answers: readonly OnlineAnswer[], at: number): void {
    for (const [row, answer] of answers.entries()) {
      if (this.#random() >= plan.sample) continue;
      const cells = keys.columns.length + plan.layout.features.length;
      if (this.#waitingCells + cells > MOST_WAITING_CELLS) {
        this.#drop(plan.service, 1);
        continue;
      }
      this.#waitingCells += cells;
      this.#waiting.push({ plan, at, keys: keys.columns.map((column) => answerCell(column, row)), answer });
    }
    if (this.#waiting.length > 0) this.#flushIn(FLUSH_AFTER_MS);
  }

  /** Writes all that waits, at once. */
  flush(): void {
    while (this.#waiting.length > 0) this.#writeBatch();
  }

  /** Removes what is older than its retention, now and every hour from now on; a part at a time, so that reads need not wait. */
  keepRetention(): void {
    const isAll = this.#prune();
    this.#pruneTimer = setTimeout(() => this.keepRetention(), isAll ? PRUNE_EVERY_MS : PRUNE_NEXT_MS).unref();
  }

  /** Writes what waits and ends the timers. */
  close(): void {
    this.flush();
    this.stop();
  }

  /** Ends the timers; what waits is lost. */
  stop(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    if (this.#pruneTimer !== null) clearTimeout(this.#pruneTimer);
    this.#flushTimer = null;
    this.#pruneTimer = null;
    this.#waiting = [];
    this.#waitingCells = 0;
  }

  /** With the reads that wait to be written: whoever looks up features and asks at once sees them. */
  state(service: string): ReadLogState {
    const { rows, first, last } = this.#table.extent(service, { since: -Infinity, until: Infinity });
    const waiting = this.#waiting.filter(({ plan }) => plan.service === service);
    const firstAt = first ?? waiting[0]?.at ?? null;
    const lastAt = waiting.at(-1)?.at ?? last;
    return {
      rows: rows + waiting.length,
      firstRead: firstAt === null ? null : microsToIso(firstAt),
      lastRead: lastAt === null ? null : microsToIso(lastAt),
      dropped: this.#table.dropped(service) + (this.#dropped.get(service) ?? 0),
      failure: this.#failure,
    };
  }

  #flushIn(delayMs: number): void {
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = null;
      this.#writeBatch();
      if (this.#waiting.length > 0) this.#flushIn(0);
    }, delayMs).unref();
  }

  #writeBatch(): void {
    const batch = this.#takeBatch();
    const { store } = this.#options;
    try {
      store.transaction(() => {
        for (const read of batch) this.#table.append(this.#layoutId(read.plan), read.at, bodyOf(read));
        for (const plan of new Map(batch.map(({ plan: one }) => [one.service, one])).values()) {
          this.#table.note(plan.service, plan.retentionMicros, this.#dropped.get(plan.service) ?? 0);
        }
      });
      for (const { plan } of batch) this.#dropped.delete(plan.service);
      this.#failure = null;
    } catch (error) {
      // Reads must go on when their log cannot be written; the state of the log says so.
      this.#failure = toFalajError(error).message;
      for (const { plan } of batch) this.#drop(plan.service, 1);
    }
  }

  #takeBatch(): Waiting[] {
    let cells = 0;
    let rows = 0;
    while (rows < this.#waiting.length && (rows === 0 || cells < BATCH_CELLS)) {
      const { keys, plan } = this.#waiting[rows++]!;
      cells += keys.length + plan.layout.features.length;
    }
    this.#waitingCells -= cells;
    return this.#waiting.splice(0, rows);
  }

  #layoutId(plan: ReadLogPlan): number {
    let id = this.#layoutIds.get(plan);
    if (id === undefined) {
      id = this.#table.layoutId(plan.service, plan.layout);
      // An undone transaction takes a new layout with it.
      this.#options.store.afterCommit(() => this.#layoutIds.set(plan, id!));
    }
    return id;
  }

  #drop(service: string, rows: number): void {
    this.#dropped.set(service, (this.#dropped.get(service) ?? 0) + rows);
  }

  /** False when there is more to remove. */
  #prune(): boolean {
    const { services, clock, reports } = this.#options;
    let isAll = true;
    try {
      const inForce = new Map(services().map(({ name, log }) => [name, log]));
      for (const { service, retention } of this.#table.services()) {
        const log = inForce.get(service);
        const before = clock() * 1000 - (log === undefined ? retention : parseDuration(log.retention));
        reports.remove(service, before / 1000);
        if (this.#table.remove(service, before, PRUNED_ROWS) === PRUNED_ROWS) isAll = false;
      }
    } catch (error) {
      this.#failure = toFalajError(error).message;
    }
    return isAll;
  }
}

const bodyOf = ({ plan: { layout }, keys, answer }: Waiting): ReadBody => [
  keys,
  layout.features.map((name) => answer.values[name] ?? null),
  lettersOf(layout.features.map((name) => answer.status[name]!)),
];

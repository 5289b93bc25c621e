import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { skewInput } from '../../../shared/contract/skew.ts';
import type { SkewReport } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { skewedValues } from '../../../shared/skew.ts';
import { findColumn, microsToIso } from '../../../shared/table/column.ts';
import { parseInstant } from '../../../shared/units.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { FeatureRoom } from '../../features/index.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { Store } from '../../store/index.ts';
import type { ReadLog } from '../read-log/read-log.ts';
import type { ViewPlans } from '../view-plans.ts';
import { FeatureSkew } from './feature-skew.ts';
import { fileReads } from './file-reads.ts';
import { loggedReads } from './logged-reads.ts';
import type { ServedReads } from './served-reads.ts';
import type { SkewReports } from './skew-reports.ts';

export interface SkewCheckOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly features: FeatureRoom;
  readonly plans: ViewPlans;
  readonly readLog: ReadLog;
  readonly reports: SkewReports;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export type SkewInput = z.output<typeof skewInput>;

interface Served {
  readonly sets: readonly ServedReads[];
  readonly absent: readonly string[];
  /** Reads that there are, of which the newest are compared. */
  readonly logged: number;
}

type Between = { readonly since: number; readonly until: number };
type Work = Pick<JobContext, 'signal' | 'progress'>;

const MOST_ROWS = 100_000;
const MOST_CELLS = 5_000_000;

/** Compares what was served with what a training set says of the same keys and moments. */
export class SkewCheck {
  readonly #options: SkewCheckOptions;

  constructor(options: SkewCheckOptions) {
    this.#options = options;
  }

  async run(work: Work, input: SkewInput): Promise<SkewReport> {
    const { store, audit, reports, features } = this.#options;
    const { version } = features.service({ name: input.service });
    const between: Between = {
      since: input.since === undefined ? Number.NEGATIVE_INFINITY : parseInstant(input.since),
      until: input.until === undefined ? Number.POSITIVE_INFINITY : parseInstant(input.until),
    };
    work.progress({ step: 'load', fraction: 0 });
    const served = await this.#served(work, input, between);
    const report = await this.#compare(work, input, between, served);
    const skewed = report.features.filter(({ asKnown }) => skewedValues(asKnown) > 0).length;
    store.transaction(() => {
      reports.keep(report);
      audit.append({
        action: 'features.skew',
        object: `FeatureService/${input.service}`,
        details: { version, rows: report.rows, skew: report.skew, features: report.features.length, skewed },
      });
    });
    return report;
  }

  async #served({ signal }: Work, input: SkewInput, between: Between): Promise<Served> {
    const { plans, readLog } = this.#options;
    const { service, log: file, eventTime } = input;
    if (file !== undefined) {
      const plan = plans.request({ service });
      const { reads, absent } = await fileReads({ plan, file, eventTime, signal, ...between });
      if (reads.spine.rows > 0) return { sets: [reads], absent, logged: reads.spine.rows };
      throw noReads(`"${path.basename(file)}" has no read of that time.`, 'Ask for another stretch of time.');
    }
    readLog.flush();
    const limits = { mostRows: MOST_ROWS, mostCells: MOST_CELLS };
    const sets = await loggedReads(readLog.table, { service, signal, ...between, ...limits });
    if (sets.length > 0) {
      return { sets, absent: [], logged: readLog.table.extent(service, between).rows };
    }
    const ofThatTime = input.since === undefined && input.until === undefined ? '' : ' of that time';
    const { log } = this.#options.features.service({ name: service }).definition;
    throw noReads(
      `No read of service "${service}" is kept${ofThatTime}.`,
      log === undefined
        ? 'Write log: {sample: 0.1, retention: 30d} in its definition, apply it, and let it be read; or compare values that were served elsewhere with --log FILE.'
        : `${100 * log.sample} % of its reads are kept: let it be read, or ask for another stretch of time.`,
    );
  }

  async #compare(work: Work, input: SkewInput, between: Between, served: Served): Promise<SkewReport> {
    const found = new Map<string, FeatureSkew>();
    const rows = served.sets.reduce((sum, { spine }) => sum + spine.rows, 0);
    let done = 0;
    for (const reads of served.sets) {
      const share = reads.spine.rows / rows;
      const replayed = await this.#options.features.replay({
        service: input.service,
        definitions: reads.definitions,
        spine: reads.spine,
        eventTime: reads.eventTime,
        signal: work.signal,
        onProgress: (fraction) =>
          work.progress({ step: 'join', fraction: 0.1 + 0.8 * (done + share * fraction) }),
      });
      done += share;
      work.progress({ step: 'compare', fraction: 0.1 + 0.8 * done });
      for (const name of reads.features) {
        work.signal.throwIfAborted();
        const skew = found.get(name) ?? new FeatureSkew(name, input.tolerance);
        found.set(name, skew);
        skew.add(reads, replayed);
        await nextTurn();
      }
    }
    const features = [...found.values()].map((skew) => skew.result());
    const { since, until } = between;
    return {
      service: input.service,
      checkedAt: new Date(this.#options.clock()).toISOString(),
      source:
        input.log === undefined
          ? { kind: 'log' }
          : { kind: 'file', file: path.basename(input.log), eventTime: input.eventTime },
      since: Number.isFinite(since) ? microsToIso(since) : null,
      until: Number.isFinite(until) ? microsToIso(until) : null,
      tolerance: input.tolerance,
      logged: served.logged,
      rows,
      ...extentOf(served.sets),
      skew: features.some(({ asKnown }) => skewedValues(asKnown) > 0),
      features,
      absent: [...served.absent],
    };
  }
}

function extentOf(sets: readonly ServedReads[]): Pick<SkewReport, 'firstRead' | 'lastRead'> {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { spine, eventTime } of sets) {
    for (const at of findColumn(spine, eventTime)!.values as Float64Array) {
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  return { firstRead: microsToIso(first), lastRead: microsToIso(last) };
}

const noReads = (message: string, hint: string): FalajError => new FalajError('NO_ROWS', message, { hint });

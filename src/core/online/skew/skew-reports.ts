import { skewFigures, skewReport } from '../../../shared/contract/skew.ts';
import type { SkewFigures, SkewReport } from '../../../shared/contract/types.ts';
import { bySkew, skewedValues } from '../../../shared/skew.ts';
import type { Store } from '../../store/index.ts';

/** Comparisons whose figures are kept of each service: two years of one every day. */
const MOST_CHECKS = 730;

/**
 * The last comparison of each service, and the figures of those before. A report shows rows that were read, so it goes when
 * the reads do; figures name nobody and stay.
 */
export class SkewReports {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(service: string): SkewReport | null {
    const row = this.#store
      .statement<{ report: string }>('SELECT report FROM skew_report WHERE service = ?')
      .get(service);
    return row === undefined ? null : skewReport.parse(JSON.parse(row.report));
  }

  /** Newest first. */
  history(service: string): SkewFigures[] {
    return this.#store
      .statement<{ figures: string }>(
        'SELECT figures FROM skew_check WHERE service = ? ORDER BY id DESC LIMIT ?',
      )
      .all(service, MOST_CHECKS)
      .map(({ figures }) => skewFigures.parse(JSON.parse(figures)));
  }

  keep(report: SkewReport): void {
    const { service } = report;
    const checkedAtMs = Date.parse(report.checkedAt);
    this.#store
      .statement('INSERT OR REPLACE INTO skew_report (service, checked_at, report) VALUES (?, ?, ?)')
      .run(service, checkedAtMs, JSON.stringify(report));
    this.#store
      .statement('INSERT INTO skew_check (service, checked_at, figures) VALUES (?, ?, ?)')
      .run(service, checkedAtMs, JSON.stringify(figuresOf(report)));
    this.#store
      .statement(
        `DELETE FROM skew_check WHERE service = ? AND id NOT IN
           (SELECT id FROM skew_check WHERE service = ? ORDER BY id DESC LIMIT ?)`,
      )
      .run(service, service, MOST_CHECKS);
  }

  /** Removes a report that was made before that time, in milliseconds since the epoch. */
  remove(service: string, before: number): void {
    this.#store
      .statement('DELETE FROM skew_report WHERE service = ? AND checked_at < ?')
      .run(service, before);
  }
}

function figuresOf({ checkedAt, source, firstRead, lastRead, rows, features }: SkewReport): SkewFigures {
  const skewed = bySkew(features).filter(({ asKnown }) => skewedValues(asKnown) > 0);
  return {
    checkedAt,
    source: source.kind,
    firstRead,
    lastRead,
    rows,
    values: features.reduce((sum, { asKnown }) => sum + asKnown.equal + skewedValues(asKnown), 0),
    skewed: skewed.reduce((sum, { asKnown }) => sum + skewedValues(asKnown), 0),
    features: features.length,
    skewedFeatures: skewed.map(({ name }) => name),
  };
}

import { skewReport } from '../../../shared/contract/skew.ts';
import type { SkewReport } from '../../../shared/contract/types.ts';
import type { Store } from '../../store/index.ts';

/** The last comparison of each service. */
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

  keep(report: SkewReport): void {
    this.#store
      .statement('INSERT OR REPLACE INTO skew_report (service, checked_at, report) VALUES (?, ?, ?)')
      .run(report.service, Date.parse(report.checkedAt), JSON.stringify(report));
  }

  /** Removes one that was made before that time, in milliseconds since the epoch. */
  remove(service: string, before: number): void {
    this.#store
      .statement('DELETE FROM skew_report WHERE service = ? AND checked_at < ?')
      .run(service, before);
  }
}

import type { EngineClient } from '../../../../shared/contract/types.ts';
import { FalajError } from '../../../../shared/errors.ts';

export type PreviewRows = Awaited<ReturnType<EngineClient['features']['checkedRows']>>;

const KEPT_CHECKS = 8;

/** The first rows of the latest checks. In memory only: values of a set that is not built are nowhere kept. */
export class CheckedRows {
  readonly #kept = new Map<string, PreviewRows>();

  keep(job: string, rows: PreviewRows): void {
    this.#kept.delete(job);
    this.#kept.set(job, rows);
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_CHECKS)) this.#kept.delete(oldest);
  }

  /** @throws NOT_FOUND when they were let go. */
  get(job: string): PreviewRows {
    const rows = this.#kept.get(job);
    if (rows !== undefined) return rows;
    throw new FalajError('NOT_FOUND', 'The rows of this check are no longer kept.', {
      hint: 'Check the set again: rows stay in memory for a while, never on the disk.',
    });
  }
}

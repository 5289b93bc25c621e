import { z } from 'zod';
import { columnSchemaSchema } from '../../../shared/contract/common.ts';
import { trainingSetReceipt } from '../../../shared/contract/receipts.ts';
import type { Store } from '../../store/index.ts';
import type { JsonValue } from '../packed-row.ts';

const layoutSchema = z.object({
  keys: z.array(columnSchemaSchema),
  /** `view__feature`, in the order of a read's values. */
  features: z.array(z.string()),
  /** What answered, so that it can answer again. */
  definitions: trainingSetReceipt.shape.definitions,
});

/** Keys and values in the order of the layout, and the statuses of the values as letters. */
export type ReadBody = readonly [readonly JsonValue[], readonly JsonValue[], string];

/** What reads of one service by the same definitions have in common. */
export type ReadLayout = z.infer<typeof layoutSchema>;

/** One read that is kept. */
export interface LoggedRead {
  readonly id: number;
  readonly layoutId: number;
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly keys: readonly JsonValue[];
  readonly values: readonly JsonValue[];
  readonly statuses: string;
}

interface ReadRow {
  readonly id: number;
  readonly layout_id: number;
  readonly at: number;
  readonly body: string;
}

interface Between {
  readonly since: number;
  readonly until: number;
}

/** The rows of the read log; no rules. */
export class ReadTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  layoutId(service: string, layout: ReadLayout): number {
    const text = JSON.stringify(layout);
    this.#store
      .statement('INSERT OR IGNORE INTO read_log_layout (service, layout) VALUES (?, ?)')
      .run(service, text);
    return this.#store
      .statement<{ id: number }>('SELECT id FROM read_log_layout WHERE service = ? AND layout = ?')
      .get(service, text)!.id;
  }

  layout(id: number): ReadLayout {
    const { layout } = this.#store
      .statement<{ layout: string }>('SELECT layout FROM read_log_layout WHERE id = ?')
      .get(id)!;
    return layoutSchema.parse(JSON.parse(layout));
  }

  append(layoutId: number, at: number, body: ReadBody): void {
    this.#store
      .statement('INSERT INTO read_log (layout_id, at, body) VALUES (?, ?, ?)')
      .run(layoutId, at, JSON.stringify(body));
  }

  /** For how long the reads of a service are kept, also once it is no longer defined; and those that were lost. */
  note(service: string, retentionMicros: number, dropped: number): void {
    this.#store
      .statement(
        `INSERT INTO read_log_service (service, retention, dropped) VALUES (?, ?, ?)
         ON CONFLICT (service) DO UPDATE
         SET retention = excluded.retention, dropped = dropped + excluded.dropped`,
      )
      .run(service, retentionMicros, dropped);
  }

  services(): { service: string; retention: number }[] {
    return this.#store
      .statement<{ service: string; retention: number }>('SELECT service, retention FROM read_log_service')
      .all();
  }

  dropped(service: string): number {
    return (
      this.#store
        .statement<{ dropped: number }>('SELECT dropped FROM read_log_service WHERE service = ?')
        .get(service)?.dropped ?? 0
    );
  }

  extent(
    service: string,
    { since, until }: Between,
  ): { rows: number; first: number | null; last: number | null } {
    return this.#store
      .statement<{ rows: number; first: number | null; last: number | null }>(
        `SELECT count(*) AS rows, min(at) AS first, max(at) AS last FROM read_log
         WHERE layout_id IN (SELECT id FROM read_log_layout WHERE service = ?) AND at BETWEEN ? AND ?`,
      )
      .get(service, since, until)!;
  }

  /** The newest reads before that one. */
  page(service: string, { since, until }: Between, before: number, limit: number): LoggedRead[] {
    return this.#store
      .statement<ReadRow>(
        `SELECT id, layout_id, at, body FROM read_log
         WHERE layout_id IN (SELECT id FROM read_log_layout WHERE service = ?) AND at BETWEEN ? AND ? AND id < ?
         ORDER BY id DESC LIMIT ?`,
      )
      .all(service, since, until, before, limit)
      .map(({ id, layout_id: layoutId, at, body }) => {
        // Authenticated with the store's pages, and too many cells to look at each.
        const [keys, values, statuses] = JSON.parse(body) as ReadBody;
        return { id, layoutId, at, keys, values, statuses };
      });
  }

  /** Removes some of the reads of a service from before that time; tells how many. */
  remove(service: string, before: number, limit: number): number {
    return this.#store
      .statement(
        `DELETE FROM read_log WHERE id IN (
           SELECT id FROM read_log
           WHERE layout_id IN (SELECT id FROM read_log_layout WHERE service = ?) AND at < ? LIMIT ?)`,
      )
      .run(service, before, limit).changes;
  }
}

import type { Store } from '../../store/index.ts';
import {
  BLOCK_POINTS,
  type BlockFacts,
  decodeBlock,
  encodeBlock,
  factsText,
  readFacts,
  type StoredPoint,
} from './metric-block.ts';

export interface MetricSample extends StoredPoint {
  readonly metric: string;
}

interface SeriesRow {
  readonly id: number;
  readonly points: number;
  readonly sealed: number;
  readonly latest_step: number;
  readonly latest_at: number;
  readonly latest_value: number | null;
}

interface BlockRow {
  readonly id: number;
  readonly position: number;
  readonly points: number;
  readonly ascending: number;
  readonly min_step: number;
  readonly max_step: number;
  readonly extremes: string;
}

/** A block that is not decoded yet. */
export interface SealedBlock extends Omit<BlockFacts, 'extremes' | 'notFinite'> {
  readonly position: number;
  /** What is drawn of it without decoding it. */
  facts(): Pick<BlockFacts, 'extremes' | 'notFinite'>;
  load(): StoredPoint[];
}

/** A whole series, oldest first: blocks that load when asked, then the tail. */
export interface SeriesParts {
  readonly blocks: readonly SealedBlock[];
  readonly tail: readonly StoredPoint[];
}

type TailRow = Omit<StoredPoint, 'value'> & { readonly value: number | null };

/**
 * The points of runs' metrics, appended in the order of their arrival, duplicates included. A point costs one row of the
 * tail; every {@link BLOCK_POINTS} of them become a block.
 */
export class MetricSeries {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Appends points of one run, inside a transaction. */
  append(runId: string, samples: readonly MetricSample[]): void {
    if (samples.length === 1) this.#appendTo(runId, samples[0]!.metric, samples);
    else
      for (const [metric, points] of Map.groupBy(samples, (sample) => sample.metric))
        this.#appendTo(runId, metric, points);
  }

  /** Latest values of runs, by name; of the greatest step, then time, then value. */
  latest(runIds: string): { run_id: string; metric: string; step: number; at: number; value: number }[] {
    return this.#store
      .statement<{ run_id: string; metric: string; step: number; at: number; value: number | null }>(
        `SELECT run_id, metric, latest_step AS step, latest_at AS at, latest_value AS value FROM tracking_series
         WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY run_id, metric`,
      )
      .all(runIds)
      .map((row) => ({ ...row, value: row.value ?? Number.NaN }));
  }

  latestValue(runId: string, metric: string): { step: number; value: number } | null {
    const row = this.#row(runId, metric);
    return row === undefined ? null : { step: row.latest_step, value: row.latest_value ?? Number.NaN };
  }

  /** Names of the metrics of which any of the runs has more than one point. */
  curves(runIds: string): string[] {
    return this.#store
      .statement<{ metric: string }>(
        `SELECT DISTINCT metric FROM tracking_series
         WHERE run_id IN (SELECT value FROM json_each(?)) AND points > 1 ORDER BY metric`,
      )
      .all(runIds)
      .map((row) => row.metric);
  }

  /** Points `offset` to `offset + limit` in the order of their arrival; `more` when others follow. */
  page(
    runId: string,
    metric: string,
    offset: number,
    limit: number,
  ): { points: StoredPoint[]; more: boolean } {
    const series = this.#row(runId, metric);
    if (series === undefined) return { points: [], more: false };
    const end = Math.min(series.points, offset + limit);
    const points: StoredPoint[] = [];
    if (offset < series.sealed) {
      const blocks = this.#store
        .statement<{ position: number; points: number; payload: Buffer }>(
          `SELECT position, points, payload FROM tracking_block
           WHERE series_id = ? AND position + points > ? AND position < ? ORDER BY position`,
        )
        .all(series.id, offset, end);
      for (const block of blocks) {
        const inside = decodeBlock(block.payload, block.points);
        points.push(...inside.slice(Math.max(0, offset - block.position), end - block.position));
      }
    }
    if (end > series.sealed) points.push(...this.#tail(series.id, offset, end));
    return { points, more: end < series.points };
  }

  /** Null when the run has no such metric. */
  parts(runId: string, metric: string): SeriesParts | null {
    const series = this.#row(runId, metric);
    if (series === undefined) return null;
    const blocks = this.#store
      .statement<BlockRow>(
        `SELECT id, position, points, ascending, min_step, max_step, extremes FROM tracking_block
         WHERE series_id = ? ORDER BY position`,
      )
      .all(series.id);
    return {
      blocks: blocks.map((block) => ({
        position: block.position,
        points: block.points,
        ascending: block.ascending === 1,
        minStep: block.min_step,
        maxStep: block.max_step,
        facts: () => readFacts(block.extremes),
        load: () => decodeBlock(this.#payload(block.id), block.points),
      })),
      tail: this.#tail(series.id, series.sealed, series.points),
    };
  }

  #appendTo(runId: string, metric: string, points: readonly StoredPoint[]): void {
    let series = this.#row(runId, metric);
    if (series === undefined) {
      const { step, at, value } = points[0]!;
      const { lastInsertRowid } = this.#store
        .statement(
          `INSERT INTO tracking_series (run_id, metric, points, latest_step, latest_at, latest_value) VALUES (?, ?, 0, ?, ?, ?)`,
        )
        .run(runId, metric, step, at, stored(value));
      series = {
        id: Number(lastInsertRowid),
        points: 0,
        sealed: 0,
        latest_step: step,
        latest_at: at,
        latest_value: stored(value),
      };
    }
    let latest: StoredPoint = {
      step: series.latest_step,
      at: series.latest_at,
      value: series.latest_value ?? Number.NaN,
    };
    const insert = this.#store.statement(
      `INSERT INTO tracking_tail (series_id, position, step, at, value) VALUES (?, ?, ?, ?, ?)`,
    );
    let position = series.points;
    for (const point of points) {
      insert.run(series.id, position++, point.step, point.at, stored(point.value));
      if (isLater(point, latest)) latest = point;
    }
    const sealed = position - series.sealed >= BLOCK_POINTS ? this.#seal(series, position) : series.sealed;
    this.#store
      .statement(
        `UPDATE tracking_series SET points = ?, sealed = ?, latest_step = ?, latest_at = ?, latest_value = ? WHERE id = ?`,
      )
      .run(position, sealed, latest.step, latest.at, stored(latest.value), series.id);
  }

  /** Moves whole blocks out of the tail; gives how many points are then sealed. */
  #seal({ id, sealed }: SeriesRow, points: number): number {
    const full = sealed + Math.floor((points - sealed) / BLOCK_POINTS) * BLOCK_POINTS;
    const tail = this.#tail(id, sealed, full);
    const insert = this.#store.statement(
      `INSERT INTO tracking_block (series_id, position, points, ascending, min_step, max_step, extremes, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (let start = 0; start < tail.length; start += BLOCK_POINTS) {
      const block = encodeBlock(tail.slice(start, start + BLOCK_POINTS));
      insert.run(
        id,
        sealed + start,
        block.points,
        block.ascending ? 1 : 0,
        block.minStep,
        block.maxStep,
        factsText(block),
        block.payload,
      );
    }
    this.#store.statement(`DELETE FROM tracking_tail WHERE series_id = ? AND position < ?`).run(id, full);
    return full;
  }

  #row(runId: string, metric: string): SeriesRow | undefined {
    return this.#store
      .statement<SeriesRow>(
        `SELECT id, points, sealed, latest_step, latest_at, latest_value FROM tracking_series WHERE run_id = ? AND metric = ?`,
      )
      .get(runId, metric);
  }

  #tail(seriesId: number, from: number, to: number): StoredPoint[] {
    return this.#store
      .statement<TailRow>(
        `SELECT step, at, value FROM tracking_tail WHERE series_id = ? AND position >= ? AND position < ? ORDER BY position`,
      )
      .all(seriesId, from, to)
      .map((row) => ({ ...row, value: row.value ?? Number.NaN }));
  }

  #payload(block: number): Buffer {
    return this.#store
      .statement<{ payload: Buffer }>(`SELECT payload FROM tracking_block WHERE id = ?`)
      .get(block)!.payload;
  }
}

/** SQLite has no NaN; it keeps infinities. */
const stored = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Greatest step, then time, then value; NaN counts as the least value. */
export function isLater(point: StoredPoint, than: StoredPoint): boolean {
  if (point.step !== than.step) return point.step > than.step;
  if (point.at !== than.at) return point.at > than.at;
  return Number.isNaN(than.value) ? !Number.isNaN(point.value) : point.value > than.value;
}

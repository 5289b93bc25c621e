import type { ReadLayout } from './read-table.ts';

/** How the reads of one request are kept. */
export interface ReadLogPlan {
  readonly service: string;
  readonly sample: number;
  readonly retentionMicros: number;
  readonly layout: ReadLayout;
}

import type { MetricSample } from '../../metrics/metric-series.ts';
import type { RunHeader } from './messages.ts';

/** A run as it lies in a folder of another tool. */
export interface LocalRun {
  readonly header: RunHeader;
  params(): Promise<Readonly<Record<string, string>>>;
  tags(): Promise<Readonly<Record<string, string>>>;
  points(): AsyncIterable<MetricSample>;
}

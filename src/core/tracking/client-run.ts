import type { RunStatus } from '../../shared/contract/types.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { MetricSample } from './metrics/metric-series.ts';

/** A run as tracking clients see it. Times are milliseconds since the epoch; metric values may be NaN or infinite. */
export interface ClientRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name: string;
  readonly userId: string;
  readonly status: RunStatus;
  readonly lifecycle: Lifecycle;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Where the experiment's artifacts lie; null for here. */
  readonly artifactLocation: string | null;
  /** The latest point of each. */
  readonly metrics: readonly MetricSample[];
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly inputs: readonly DatasetInput[];
  readonly models: readonly RunModel[];
}

export interface DatasetInput {
  readonly dataset: Readonly<Record<'name' | 'digest' | 'source_type' | 'source', string>> & {
    readonly schema?: string | undefined;
    readonly profile?: string | undefined;
  };
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunModel {
  readonly modelId: string;
  readonly direction: 'input' | 'output';
  readonly step: number;
}

export interface RunBatch {
  readonly metrics?: readonly LoggedMetric[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A point, and the model and dataset that it measures, if any. */
export interface LoggedMetric extends MetricSample {
  readonly modelId?: string | undefined;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** The tag under which clients know a run's name. */
export const RUN_NAME_TAG = 'mlflow.runName';

import type { DemoReport, DriftCheck, Evaluation, MetricPoint } from '../../../shared/contract/types.ts';

/** How one model did on the hold-out. */
export interface ModelFindings {
  readonly name: string;
  readonly learner: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly rocCurve: Evaluation['rocCurve'];
  readonly calibration: Evaluation['calibration'];
}

/** Everything the report page shows, beside report.json. */
export interface ReportFindings {
  readonly report: DemoReport;
  /** ISO-8601, UTC. */
  readonly madeAt: string;
  readonly window: {
    readonly trainFrom: string;
    readonly trainTo: string;
    readonly testFrom: string;
    readonly testTo: string;
  };
  readonly model: ModelFindings;
  readonly challenger: ModelFindings;
  readonly baseline: ModelFindings;
  readonly importance: Evaluation['importance'];
  readonly learning: readonly {
    readonly name: string;
    readonly points: readonly Pick<MetricPoint, 'step' | 'value'>[];
  }[];
  readonly drift: DriftCheck;
  readonly quiet: DriftCheck;
  /** Times of single batches in the isolated process. */
  readonly scoring: {
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly batchRows: number;
    readonly rowsPerSecond: number;
    readonly largestDifference: number;
  };
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
  };
}

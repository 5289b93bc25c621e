import {
  type BootstrapPlan,
  bootstrapFigures,
  confusionTable,
  definedFigures,
  type FigureOptions,
  oneAgainstRest,
  type PredictedRows,
  pickRows,
  precisionRecallOf,
  prepareFigures,
  rankRows,
  reliabilityOf,
  residualsOf,
  rocOf,
  thresholdPoints,
} from '../../numerics/evaluation/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Evaluate } from '../../shared/definitions/training.ts';
import { CALIBRATION_GROUPS, CURVE_POINTS } from './evaluate.ts';
import type { SliceColumn } from './slice-columns.ts';

export interface ReportOptions {
  readonly rows: PredictedRows;
  readonly slices: readonly SliceColumn[];
  readonly evaluate: Evaluate | undefined;
  readonly figures: FigureOptions;
  /** Names of the label's classes where there may be more than two. */
  readonly classes: readonly string[] | null;
  readonly seed: number;
}

type Report = Pick<
  Evaluation,
  | 'rocCurve'
  | 'calibration'
  | 'precisionRecall'
  | 'thresholds'
  | 'confusion'
  | 'classes'
  | 'residuals'
  | 'slices'
  | 'intervals'
  | 'bootstrap'
  | 'rows'
  | 'weighted'
>;

/** Rows that are resampled at most, of all and of one slice: intervals cost the same however many rows there are. */
const MOST_ROWS = 10_000;
const MOST_SLICE_ROWS = 2000;
/** Fewer rows say little of a figure. */
const LEAST_SLICE_ROWS = 5;
const MOST_CURVED_CLASSES = 20;
const CLASS_CURVE_POINTS = 80;
const CLASS_CALIBRATION_GROUPS = 10;
const MOST_CONFUSED_CLASSES = 30;

/** The figures of the hold-out with their intervals, and everything that is drawn of them. */
export function evaluationReport(options: ReportOptions): {
  metrics: Record<string, number>;
  report: Report;
} {
  const { rows, figures, evaluate } = options;
  const plan: BootstrapPlan = {
    resamples: evaluate?.bootstrap?.resamples ?? 200,
    confidence: evaluate?.bootstrap?.confidence ?? 0.95,
    seed: options.seed,
    mostRows: MOST_ROWS,
  };
  const { figures: metrics, intervals, resampledRows } = bootstrapFigures(rows, figures, plan);
  const report: Report = {
    ...drawnOf(options),
    slices: slicesOf(options, { ...plan, mostRows: MOST_SLICE_ROWS }),
    intervals,
    bootstrap: { resamples: plan.resamples, confidence: plan.confidence, rows: resampledRows },
    rows: rows.labels.length,
    weighted: rows.weights !== null,
  };
  return { metrics, report };
}

function drawnOf({ rows, classes, figures }: ReportOptions): Report {
  if (rows.task === 'regression') return { rocCurve: [], calibration: [], residuals: residualsOf(rows) };
  if (rows.task === 'binary') {
    const ranked = rankRows(rows);
    const thresholds = thresholdPoints(ranked, CURVE_POINTS, figures.threshold);
    return {
      rocCurve: rocOf(thresholds),
      precisionRecall: precisionRecallOf(thresholds),
      calibration: reliabilityOf(ranked, CALIBRATION_GROUPS),
      thresholds,
    };
  }
  const confusion = confusionTable(rows, MOST_CONFUSED_CLASSES);
  return {
    rocCurve: [],
    calibration: [],
    confusion: {
      classes: confusion.classes.map((of) => (of === null ? null : classes![of]!)),
      counts: confusion.counts.map((counts) => [...counts]),
    },
    classes: classesOf(rows, classes!),
  };
}

/** Each of the most frequent classes against the rest. */
function classesOf(rows: PredictedRows, names: readonly string[]): NonNullable<Evaluation['classes']> {
  const counts = new Uint32Array(names.length);
  for (let row = 0; row < rows.labels.length; row++) counts[rows.labels[row]!]!++;
  const frequent = [...counts.keys()]
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MOST_CURVED_CLASSES);
  return frequent.map((of) => {
    const own = oneAgainstRest(rows, of);
    const ranked = rankRows(own);
    const points = thresholdPoints(ranked, CLASS_CURVE_POINTS);
    return {
      class: names[of]!,
      rows: counts[of]!,
      metrics: definedFigures(prepareFigures(own, { threshold: 0.5, quantile: null })()),
      rocCurve: rocOf(points),
      precisionRecall: precisionRecallOf(points),
      calibration: reliabilityOf(ranked, CLASS_CALIBRATION_GROUPS),
    };
  });
}

function slicesOf(
  { rows, slices, figures }: ReportOptions,
  plan: BootstrapPlan,
): NonNullable<Evaluation['slices']> {
  return slices.flatMap(({ column, values, codes }) => {
    const members = values.map(() => [] as number[]);
    for (const [row, code] of codes.entries()) members[code]?.push(row);
    return members.flatMap((own, code) => {
      if (own.length < LEAST_SLICE_ROWS) return [];
      const { figures: metrics, intervals } = bootstrapFigures(pickRows(rows, own), figures, plan);
      return [{ column, value: values[code]!, rows: own.length, metrics, intervals }];
    });
  });
}

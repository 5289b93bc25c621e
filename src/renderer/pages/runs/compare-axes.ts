import type { Run } from '../../../shared/contract/types.ts';
import type { ParallelAxis } from '../../components/parallel-axes.ts';
import { judgingMetrics, lowerIsBetter } from './verdict.ts';

/** A parameter or a metric that is not the same in all runs. */
export interface RunAxis extends ParallelAxis {
  readonly kind: 'param' | 'metric';
  /** Of metrics by which runs are judged. */
  readonly better: 'higher' | 'lower' | null;
}

const USUAL_PARAMS = 6;
const USUAL_METRICS = 2;

/** Parameters first, by name; then metrics, the most telling first. */
export function runAxes(runs: readonly Run[]): RunAxis[] {
  const params = namesOf(runs.map(({ params }) => params)).map(
    (name): RunAxis => ({
      key: `param.${name}`,
      label: name,
      kind: 'param',
      better: null,
      values: numbersOrTexts(runs.map(({ params }) => params[name] ?? null)),
    }),
  );
  const together = Object.assign({}, ...runs.map(({ metrics }) => metrics)) as Record<string, number>;
  const judging = judgingMetrics(together);
  const others = Object.keys(together)
    .filter((name) => !judging.includes(name))
    .sort();
  const metrics = [...judging, ...others].map(
    (name): RunAxis => ({
      key: `metric.${name}`,
      label: name,
      kind: 'metric',
      better: !judging.includes(name) ? null : lowerIsBetter(name) ? 'lower' : 'higher',
      values: runs.map(({ metrics }) => metrics[name] ?? null),
    }),
  );
  return [...params, ...metrics].filter(({ values }) => new Set(values).size > 1);
}

/** Those that most runs have. */
export function usualAxes(axes: readonly RunAxis[]): string[] {
  const gaps = ({ values }: RunAxis): number => values.filter((value) => value === null).length;
  const first = (kind: RunAxis['kind'], count: number): string[] => {
    const chosen = axes
      .filter((axis) => axis.kind === kind)
      .toSorted((a, b) => gaps(a) - gaps(b))
      .slice(0, count);
    return axes.filter((axis) => chosen.includes(axis)).map(({ key }) => key);
  };
  return [...first('param', USUAL_PARAMS), ...first('metric', USUAL_METRICS)];
}

/** From 0, the worst, to 1, the best; null where there is no better or no value. */
export function goodnessAlong({ values, better }: RunAxis): (number | null)[] {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return values.map((value) => {
    if (typeof value !== 'number' || better === null || high === low) return null;
    const share = (value - low) / (high - low);
    return better === 'higher' ? share : 1 - share;
  });
}

export interface PointAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
  /** Where each run stands; null for one without a value. */
  readonly places: readonly (number | null)[];
}

/** An axis for points: numbers as they are, texts beside each other in their order. */
export function pointAxis({ label, values }: Pick<RunAxis, 'label' | 'values'>): PointAxis {
  if (values.some((value) => typeof value === 'string')) {
    const names = [...new Set(values.filter((value) => value !== null).map(String))].sort();
    return {
      label,
      min: -0.5,
      max: names.length - 0.5,
      ticks: names.map((name, value) => ({ value, label: name })),
      places: values.map((value) => (value === null ? null : names.indexOf(String(value)))),
    };
  }
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const margin = (high - low || Math.abs(low) || 1) * 0.05;
  return {
    label,
    min: low - margin,
    max: high + margin,
    places: values.map((value) => value as number | null),
  };
}

const namesOf = (records: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort();

/** Numbers where every value that is there is one. */
function numbersOrTexts(values: readonly (string | null)[]): (number | string | null)[] {
  const isNumber = (value: string): boolean => value.trim() !== '' && Number.isFinite(Number(value));
  return values.every((value) => value === null || isNumber(value))
    ? values.map((value) => (value === null ? null : Number(value)))
    : [...values];
}

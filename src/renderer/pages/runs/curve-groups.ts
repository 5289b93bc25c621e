import { isLoadMetric } from '../../../shared/load-metric.ts';
import { type DataPart, partOfData } from './data-part.ts';

/** One chart: metrics of the same kind on different parts of the data. */
export interface CurveGroup {
  readonly title: string;
  readonly curves: readonly { readonly metric: string; readonly color: number }[];
}

const COLORS: Readonly<Record<DataPart, number>> = { train: 2, validation: 0, test: 1 };

/**
 * `trainLoss` and `validationLoss` are one chart, `gpuHours` its own; the load of the machine comes last. Parts of the data keep
 * their colours.
 */
export function curveGroups(metrics: readonly string[]): readonly CurveGroup[] {
  const groups = new Map<string, { metric: string; color: number }[]>();
  const sorted = [...metrics].sort();
  for (const metric of [...sorted.filter((name) => !isLoadMetric(name)), ...sorted.filter(isLoadMetric)]) {
    const { part, rest } = partOfData(metric);
    const title = part === null ? metric : `${rest.slice(0, 1).toLowerCase()}${rest.slice(1)}`;
    const color = part === null ? 0 : COLORS[part];
    groups.set(title, [...(groups.get(title) ?? []), { metric, color }]);
  }
  return [...groups].map(([title, curves]) => ({ title, curves }));
}

/** One chart: metrics of the same kind on different parts of the data. */
export interface CurveGroup {
  readonly title: string;
  readonly curves: readonly { readonly metric: string; readonly color: number }[];
}

const NAMES = 'train(?:ing)?|val(?:id|idation)?|test|eval';
const PART = new RegExp(`^(?:${NAMES})(?:[_./-]+(?=.)|(?=[A-Z]))|[_./-](?:${NAMES})$`);
const COLORS: Readonly<Record<string, number>> = { t: 2, v: 0, e: 1 };

/** `trainLoss` and `validationLoss` are one chart, `gpuHours` its own. Parts of the data keep their colours. */
export function curveGroups(metrics: readonly string[]): readonly CurveGroup[] {
  const groups = new Map<string, { metric: string; color: number }[]>();
  for (const metric of [...metrics].sort()) {
    const part = PART.exec(metric)?.[0]
      .replace(/[_./-]/g, '')
      .toLowerCase();
    const rest = metric.replace(PART, '');
    const title = part === undefined ? metric : `${rest.slice(0, 1).toLowerCase()}${rest.slice(1)}`;
    const color = part === undefined ? 0 : part === 'test' ? 1 : (COLORS[part.slice(0, 1)] ?? 0);
    groups.set(title, [...(groups.get(title) ?? []), { metric, color }]);
  }
  return [...groups].map(([title, curves]) => ({ title, curves }));
}

import { writeFileSync } from 'node:fs';

/** One measured value, with what it must reach where something was promised. */
export interface Figure {
  /** What was measured, as a row of the table in docs/benchmarks.md says it. */
  readonly measure: string;
  readonly value: number;
  readonly unit: 'ms' | 'µs' | 's' | 'MB' | 'GB' | '×' | '';
  readonly atMost?: number;
  readonly atLeast?: number;
  /** The peer measured in the same run, or how the value was obtained. */
  readonly note?: string;
}

/** Prints the figures and hands them to scripts/bench.mjs when that runs the measurement. */
export function reportFigures(figures: readonly Figure[]): void {
  for (const { measure, value, unit, note } of figures)
    console.log(`${measure}: ${rounded(value)} ${unit}${note === undefined ? '' : ` (${note})`}`);
  const file = process.env['FALAJ_BENCH_FIGURES'];
  if (file !== undefined)
    writeFileSync(file, JSON.stringify(figures.map((each) => ({ ...each, value: rounded(each.value) }))));
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** True when a run should only show that the measurement works. */
export const brief = process.env['FALAJ_BENCH_BRIEF'] === '1';

/** The value below which `fraction` of the sample lies; the median unless said. */
export function quantile(values: readonly number[], fraction = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!;
}

import { setImmediate as turn } from 'node:timers/promises';
import { isTellable, labelAt, labelStrength, sampleRows } from '../../../../numerics/leaks/index.ts';
import type { SetWarning } from '../../../../shared/contract/types.ts';
import type { Column } from '../../../../shared/table/column.ts';

/** Enough for figures of three digits, and little enough to sort once per feature. */
const SAMPLED_ROWS = 100_000;
const SEED = 7;

/** From this strength on no feature is honest: 0.98 of an area under the curve, a correlation, or errors that go away. */
const TELLING_STRENGTH = 0.98;

export interface LabelledFeature {
  readonly view: string;
  readonly column: Column;
}

export interface LabelFindings {
  readonly sampledRows: number;
  readonly warnings: readonly SetWarning[];
}

/** Holds every feature by itself against the label, on a seeded sample of the rows. */
export async function labelFindings(
  label: Column,
  features: readonly LabelledFeature[],
  options: {
    readonly rows: number;
    readonly signal: AbortSignal;
    readonly onProgress: (fraction: number) => void;
  },
): Promise<LabelFindings> {
  const sampled = labelAt(label, sampleRows(options.rows, SAMPLED_ROWS, SEED));
  const sampledRows = sampled.rows.length;
  if (!isTellable(sampled)) {
    return {
      sampledRows,
      warnings: [{ code: 'LABEL_NOT_CHECKED', severity: 'note', label: label.name, rows: sampledRows }],
    };
  }
  const warnings: SetWarning[] = [];
  for (const [index, { view, column }] of features.entries()) {
    const found = labelStrength(sampled, column);
    if (found !== null && found.strength >= TELLING_STRENGTH) {
      warnings.push({
        code: 'LABEL_IN_FEATURES',
        severity: 'leak',
        view,
        columns: [column.name],
        label: label.name,
        ...found,
      });
    }
    options.onProgress((index + 1) / features.length);
    // The engine goes on answering between two features.
    await turn();
    options.signal.throwIfAborted();
  }
  return { sampledRows, warnings };
}

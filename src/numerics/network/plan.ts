import { fitInputs, type NetworkInput } from './input.ts';
import { type LabelScale, labelScale } from './losses.ts';
import { checkNetworkOptions, type NetworkOptions } from './options.ts';

/** What follows from options and rows alone, whatever device learns. */
export interface NetworkPlan {
  readonly options: NetworkOptions;
  readonly inputs: readonly NetworkInput[];
  /** Scores of a row. */
  readonly outputs: number;
  /** Rows of a whole batch. */
  readonly batchRows: number;
  /** Batches of an epoch. */
  readonly batches: number;
  readonly label: LabelScale;
}

/** Throws what {@link checkNetworkOptions} does. */
export function planNetwork(options: NetworkOptions): NetworkPlan {
  checkNetworkOptions(options);
  const { data, task } = options;
  const rows = data.to - data.from;
  const batchRows = Math.min(options.batchRows, rows);
  return {
    options,
    inputs: fitInputs(data, options.categories ?? []),
    outputs: task.kind === 'multiclass' ? task.classes : 1,
    batchRows,
    // a last batch of one row has no variance to normalise by
    batches: Math.max(1, Math.floor(rows / batchRows) + (rows % batchRows > 1 ? 1 : 0)),
    label: labelScale(options),
  };
}

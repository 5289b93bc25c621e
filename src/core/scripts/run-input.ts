import type { ScriptRead } from '../../shared/contract/types.ts';
import type { DatasetInput } from '../tracking/index.ts';

/** Where MLflow's clients look for what an input was used for. */
const CONTEXT_TAG = 'mlflow.data.context';
/** JSON of the columns that were read; an input without it was read whole. */
const COLUMNS_TAG = 'falaj.columns';

/**
 * A read as MLflow's `log_input` would have it. What was read before of the same version is one input with it: of all columns and
 * for all purposes of both.
 */
export function runInput(read: ScriptRead, before: DatasetInput | undefined): DatasetInput {
  const { name, digest, source, columns, context } = read;
  const contexts = new Set([
    ...(before?.tags[CONTEXT_TAG]?.split(', ') ?? []),
    ...(context === undefined ? [] : [context]),
  ]);
  const known = before?.tags[COLUMNS_TAG];
  const isWhole = columns === undefined || (before !== undefined && known === undefined);
  const named = isWhole
    ? []
    : new Set([...(known === undefined ? [] : (JSON.parse(known) as string[])), ...columns]);
  const { [CONTEXT_TAG]: _context, [COLUMNS_TAG]: _columns, ...others } = before?.tags ?? {};
  return {
    dataset: { name, digest, source_type: 'falaj', source },
    tags: {
      ...others,
      ...(contexts.size === 0 ? {} : { [CONTEXT_TAG]: [...contexts].sort().join(', ') }),
      ...(isWhole ? {} : { [COLUMNS_TAG]: JSON.stringify([...named].sort()) }),
    },
  };
}

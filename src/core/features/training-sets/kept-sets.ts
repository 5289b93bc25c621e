import type { TrainingSetInfo } from '../../../shared/contract/types.ts';
import type { KeptReceipt } from './receipt-book.ts';

/** A training set in a list: what its receipt says of it in short. */
export function describeKept({ id, receipt }: KeptReceipt): TrainingSetInfo {
  const { builtAt, run, query, spine, output } = receipt;
  const { source } = spine;
  return {
    id,
    builtAt,
    run,
    service: query.service,
    features: query.features,
    asKnown: query.asKnown,
    entities: source.kind === 'file' ? source.file : `${source.name}@${source.version}`,
    rows: output.rows,
    columns: output.columns.length,
    contentHash: output.contentHash,
  };
}

// The point-in-time join against DuckDB's ASOF join.   node test/bench/features-join.ts [rounds] [rows]
import { runBuilt } from './support/run-built.ts';

await runBuilt('join-features', {
  'data-reader': 'src/core/data/reader/child.ts',
  'feature-worker': 'src/core/features/worker.ts',
  'key-derivation': 'src/core/vault/derivation-worker.ts',
});

// Import against plain DuckDB.   node test/bench/import.ts [rounds]
import { runBuilt } from './support/run-built.ts';

await runBuilt('import-flights', {
  'data-reader': 'src/core/data/reader/child.ts',
  'key-derivation': 'src/core/vault/derivation-worker.ts',
});

// Training sets of ours and of Feast, from the same files.   node test/bench/features-feast.ts
import { runBuilt } from './support/run-built.ts';

await runBuilt('join-feast', {
  'data-reader': 'src/core/data/reader/child.ts',
  'feature-worker': 'src/core/features/worker.ts',
  'key-derivation': 'src/core/vault/derivation-worker.ts',
});

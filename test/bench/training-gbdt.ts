// Boosted trees of ours and of LightGBM, from the same files.   node test/bench/training-gbdt.ts [flights]
import { runBuilt } from './support/run-built.ts';

await runBuilt('trees-lightgbm', {
  'fit-trees': 'test/bench/support/fit-trees.ts',
  'training-helper': 'src/core/training/helper.ts',
});

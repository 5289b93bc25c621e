// Dense networks of ours and of PyTorch, from the same files.   node test/bench/training-mlp.ts
import { runBuilt } from './support/run-built.ts';

await runBuilt('network-pytorch', {
  'fit-network': 'test/bench/support/fit-network.ts',
  'training-helper': 'src/core/training/helper.ts',
});

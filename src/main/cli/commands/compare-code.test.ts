import { describe, expect, it } from 'vitest';
import type { RunCode } from '../../../shared/contract/types.ts';
import { textCodeComparison } from './compare-code.ts';

const code = (changes: Partial<RunCode> = {}): RunCode => ({
  command: ['python', 'train.py'],
  git: { commit: 'a1', branch: 'main', remote: null, changes: null, diff: null, untracked: [] },
  packages: { by: 'pip', digest: 'd', list: 'numpy==2.2.6\nscipy==1.16.0\ntorch==2.8.0\n' },
  machine: { platform: 'linux x64', processor: 'EPYC', cores: 2 },
  ...changes,
});

describe('what two runs were started from', () => {
  it('is shown where it differs, with what lies around it', () => {
    const after = code({
      command: ['python', 'train.py', '--epochs', '9'],
      packages: { by: 'pip', digest: 'e', list: 'numpy==2.2.6\nscipy==1.16.0\ntorch==2.9.1\n' },
    });
    expect(textCodeComparison({ before: code(), after })).toEqual([
      'Command:\n  - python train.py\n  + python train.py --epochs 9',
      'Packages:\n    numpy==2.2.6\n    scipy==1.16.0\n  - torch==2.8.0\n  + torch==2.9.1',
    ]);
  });

  it('is nothing for the same code, and for runs of which none is known', () => {
    expect(textCodeComparison({ before: code(), after: code() })).toEqual([]);
    expect(textCodeComparison({ before: null, after: null })).toEqual([]);
  });

  it('is all of one that has some beside one that has none', () => {
    const [command] = textCodeComparison({ before: null, after: code() });
    expect(command).toBe('Command:\n  + python train.py');
  });
});

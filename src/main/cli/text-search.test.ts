import { describe, expect, it } from 'vitest';
import type { RunTrial, RunTrials } from '../../shared/contract/types.ts';
import { textSearch } from './text-search.ts';

const trial = (number: number, more: Partial<RunTrial> = {}): RunTrial => ({
  run: `run${number}`,
  number,
  state: 'finished',
  settings: { leaves: String(8 * number) },
  value: 0.4 + number / 100,
  deviation: null,
  folds: [],
  isOnFront: false,
  isKept: false,
  figures: { logloss: 0.4 + number / 100, trees: 10 * number },
  ...more,
});

const SEARCH: RunTrials = {
  run: 'search',
  metric: 'logloss',
  isGreaterBetter: false,
  objectives: [{ name: 'logloss', isGreaterBetter: false }],
  folds: null,
  settings: ['leaves'],
  figures: [],
  trials: [trial(1), trial(2)],
  planned: 2,
  counts: { running: 0, finished: 2, pruned: 0, stopped: 0, failed: 0 },
  importance: [],
};

const lineOf = (search: RunTrials, remainingMs: number | null = null): string =>
  textSearch(search, remainingMs).split('\n')[0]!;

describe('a search as text', () => {
  it('begins with how far it is, and the best', () => {
    expect(lineOf(SEARCH)).toBe('2 of 2 trials ended. Best logloss 0.41, trial 1.');
    const running = {
      ...SEARCH,
      trials: [trial(1, { deviation: 0.02 })],
      planned: 5000,
      counts: { running: 3, finished: 1, pruned: 4, stopped: 0, failed: 1 },
    };
    expect(lineOf(running, 70_000)).toBe(
      '6 of 5,000 trials ended, of these 4 given up and 1 failed; 3 running. Best logloss 0.41 ± 0.02, trial 1. 1:10 left.',
    );
  });

  it('says what a stop cut off, and nothing of a best that is not there', () => {
    const counts = { running: 0, finished: 0, pruned: 0, stopped: 2, failed: 0 };
    const trials = [trial(1, { state: 'stopped', value: null, figures: {} })];
    expect(lineOf({ ...SEARCH, trials, counts })).toBe('0 of 2 trials ended; 2 cut off.');
  });

  it('says so of a run that is no search', () => {
    expect(textSearch({ ...SEARCH, trials: [] }, null)).toBe(
      'This run has no trials, and lies under no search.',
    );
  });

  it('has the front of several objectives, and a column of what settings explain for each', () => {
    const text = textSearch(
      {
        ...SEARCH,
        objectives: [
          { name: 'logloss', isGreaterBetter: false },
          { name: 'trees', isGreaterBetter: false },
        ],
        trials: [trial(1, { isOnFront: true, isKept: true }), trial(2)],
        importance: [
          { metric: 'logloss', settings: [{ setting: 'leaves', share: 0.7 }] },
          { metric: 'trees', settings: [{ setting: 'leaves', share: 0.25 }] },
        ],
      },
      null,
    );
    const lines = text.split('\n');
    expect(lines[0]).toBe('2 of 2 trials ended. 1 on the front, the best logloss 0.41.');
    expect(lines[3]).toMatch(/^ +1 +0\.41 +10 +kept +8 +finished +run1$/);
    expect(lines.slice(-3)).toEqual([
      'Setting     Explains of logloss  Explains of trees',
      'leaves                   70.0 %             25.0 %',
      '(together)               30.0 %             75.0 %',
    ]);
  });
});

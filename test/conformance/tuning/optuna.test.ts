import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../src/numerics/arrays/mulberry32.ts';
import {
  type Observation,
  type Point,
  randomPoint,
  type Space,
  settingImportance,
  tpePoint,
} from '../../../src/numerics/tuning/index.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const IMPORTANCE_SPACE: Space = {
  strong: { kind: 'uniform', low: 0, high: 1 },
  weak: { kind: 'uniform', low: 0, high: 1 },
  kind: { kind: 'choice', options: 3 },
  idle: { kind: 'uniform', low: 0, high: 1 },
};

/** Settings that add up, that go together, and one that does nothing. Optuna shares variance along no logarithm: there is none. */
const observations: readonly Observation[] = (() => {
  const random = mulberry32(11);
  return Array.from({ length: 200 }, () => {
    const point = randomPoint(IMPORTANCE_SPACE, random);
    const { strong, weak, kind } = point;
    return { point, loss: 3 * strong! + 1.5 * weak! + (kind === 2 ? 2 * strong! : 0) };
  });
})();

/** The same functions as in peer.py. */
const PROBLEMS: Readonly<Record<'learner' | 'valley', { space: Space; lossOf: (point: Point) => number }>> = {
  learner: {
    space: {
      leaves: { kind: 'logInt', low: 2, high: 255 },
      rate: { kind: 'logUniform', low: 0.001, high: 1 },
      sampling: { kind: 'uniform', low: 0.5, high: 1 },
      kind: { kind: 'choice', options: 3 },
    },
    lossOf: ({ leaves, rate, sampling, kind }) =>
      Math.log(leaves! / 40) ** 2 +
      Math.log(rate! / 0.05) ** 2 +
      0.5 * (sampling! - 0.8) ** 2 +
      (kind === 1 ? 0 : 1),
  },
  valley: {
    space: { x: { kind: 'uniform', low: -2, high: 2 }, y: { kind: 'uniform', low: -1, high: 3 } },
    lossOf: ({ x, y }) => (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
  },
};

interface PeerResult {
  readonly trials: number;
  readonly seeds: readonly number[];
  readonly learner: Readonly<Record<'tpe' | 'random', readonly number[]>>;
  readonly valley: Readonly<Record<'tpe' | 'random', readonly number[]>>;
  readonly importance: Readonly<Record<string, number>>;
}

const peer = runPeer();
const reason = typeof peer === 'string' ? peer : null;
if (reason !== null)
  process.stderr.write(`skipped: tuning beside Optuna, because Python packages are missing (${reason})\n`);

function runPeer(): PeerResult | string {
  const python = installPythonPackages('optuna-4.6.0', ['optuna==4.6.0', 'scikit-learn==1.7.2']);
  if (typeof python === 'string') return python;
  const result = spawnSync(
    path.join(python.bin, 'python'),
    ['-W', 'ignore', path.join(import.meta.dirname, 'peer.py')],
    {
      encoding: 'utf8',
      input: JSON.stringify({
        observations: observations.map(({ point, loss }) => ({ values: point, loss })),
      }),
    },
  );
  if (result.status !== 0) throw new Error(`peer.py failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as PeerResult;
}

/** The best loss of a search, each trial told of those at least `lag` before it. */
function bestOf(problem: keyof typeof PROBLEMS, seed: number, trials: number, lag = 1): number {
  const { space, lossOf } = PROBLEMS[problem];
  const found: Observation[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const known = found.slice(0, Math.max(0, trial - lag + 1));
    const lies = found.slice(known.length).map(({ point }) => ({ point, loss: Number.NaN }));
    const point = tpePoint(space, [...known, ...lies], mulberry32(seed * 7919 + trial));
    found.push({ point, loss: lossOf(point) });
  }
  return Math.min(...found.map(({ loss }) => loss));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe.skipIf(reason !== null)('a search beside Optuna', () => {
  it.each(['learner', 'valley'] as const)('finds as good settings in as many trials: %s', (problem) => {
    const { trials, seeds, [problem]: theirs } = peer as PeerResult;
    const own = median(seeds.map((seed) => bestOf(problem, seed, trials)));
    const sideBySide = median(seeds.map((seed) => bestOf(problem, seed, trials, 4)));
    process.stderr.write(
      `${problem}: median best of ${seeds.length} searches of ${trials} trials ${own.toPrecision(3)}, four side by side ${sideBySide.toPrecision(3)}; Optuna ${median(theirs.tpe).toPrecision(3)}, at random ${median(theirs.random).toPrecision(3)}\n`,
    );
    expect(own).toBeLessThan(1.2 * median(theirs.tpe));
    expect(sideBySide).toBeLessThan(1.5 * median(theirs.tpe));
    expect(sideBySide).toBeLessThan(median(theirs.random));
  });

  it('gives each setting the same share of what the result depends on', () => {
    const { importance: theirs } = peer as PeerResult;
    const own = settingImportance(IMPORTANCE_SPACE, observations)!;
    for (const [name, share] of Object.entries(theirs))
      expect(Math.abs(own[name]! - share)).toBeLessThan(0.08);
  });
});

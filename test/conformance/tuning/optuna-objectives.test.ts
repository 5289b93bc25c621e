import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../src/numerics/arrays/mulberry32.ts';
import {
  hypervolume,
  type Losses,
  type MultiObservation,
  motpePoint,
  type Point,
  type Space,
} from '../../../src/numerics/tuning/index.ts';
import { installPythonPackages } from '../support/python-packages.ts';

interface PeerResult {
  readonly trials: number;
  readonly seeds: readonly number[];
  /** By leaves, rows and depth. */
  readonly digits: readonly (readonly (readonly Losses[])[])[];
  readonly searches: Readonly<
    Record<Name, Readonly<Record<'motpe' | 'nsga2' | 'random', readonly (readonly Losses[])[]>>>
  >;
}

type Name = 'zdt1' | 'dtlz2' | 'digits';

interface Problem {
  readonly space: Space;
  readonly lossesOf: (point: Point) => Losses;
  readonly reference: Losses;
}

const unitCube = (dimensions: number): Space =>
  Object.fromEntries(
    Array.from({ length: dimensions }, (_, at) => [`x${at}`, { kind: 'uniform', low: 0, high: 1 }]),
  );

const valuesOf = (point: Point): number[] => Object.values(point);

/** The same functions as in objectives_peer.py. */
function problemOf(name: Name, { digits }: PeerResult): Problem {
  switch (name) {
    case 'zdt1':
      return {
        space: unitCube(5),
        reference: [1.1, 10],
        lossesOf: (point) => {
          const [first = 0, ...others] = valuesOf(point);
          const far = 1 + (9 * others.reduce((sum, value) => sum + value, 0)) / 4;
          return [first, far * (1 - Math.sqrt(first / far))];
        },
      };
    case 'dtlz2':
      return {
        space: unitCube(6),
        reference: [2, 2, 2],
        lossesOf: (point) => {
          const [first = 0, second = 0, ...others] = valuesOf(point);
          const far = 1 + others.reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
          const [a, b] = [(first * Math.PI) / 2, (second * Math.PI) / 2];
          return [far * Math.cos(a) * Math.cos(b), far * Math.cos(a) * Math.sin(b), far * Math.sin(a)];
        },
      };
    case 'digits':
      return {
        space: {
          leaves: { kind: 'int', low: 0, high: digits.length - 1 },
          rows: { kind: 'int', low: 0, high: digits[0]!.length - 1 },
          depth: { kind: 'choice', options: digits[0]![0]!.length },
        },
        reference: [0.9, 120],
        lossesOf: ({ leaves, rows, depth }) => digits[leaves!]![rows!]![depth!]!,
      };
  }
}

const peer = runPeer();
const reason = typeof peer === 'string' ? peer : null;
if (reason !== null)
  process.stderr.write(
    `skipped: several objectives beside Optuna, because Python packages are missing (${reason})\n`,
  );

function runPeer(): PeerResult | string {
  const python = installPythonPackages('optuna-4.6.0', ['optuna==4.6.0', 'scikit-learn==1.7.2']);
  if (typeof python === 'string') return python;
  const script = path.join(import.meta.dirname, 'objectives_peer.py');
  const result = spawnSync(path.join(python.bin, 'python'), ['-W', 'ignore', script], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) throw new Error(`objectives_peer.py failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as PeerResult;
}

/** The losses of a search, each trial told of those at least `lag` before it. */
function search({ space, lossesOf, reference }: Problem, seed: number, trials: number, lag = 1): Losses[] {
  const found: MultiObservation[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const known = found.slice(0, Math.max(0, trial - lag + 1));
    const lies = found
      .slice(known.length)
      .map(({ point }) => ({ point, losses: reference.map(() => Number.NaN) }));
    const point = motpePoint(space, [...known, ...lies], mulberry32(seed * 7919 + trial));
    found.push({ point, losses: lossesOf(point) });
  }
  return found.map(({ losses }) => losses);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

describe.skipIf(reason !== null)('a search of several objectives beside Optuna', () => {
  it.each(['zdt1', 'dtlz2', 'digits'] as const)('dominates as much in as many trials: %s', (name) => {
    const { trials, seeds, searches } = peer as PeerResult;
    const problem = problemOf(name, peer as PeerResult);
    const volume = (found: readonly (readonly Losses[])[]): number =>
      median(found.map((losses) => hypervolume(losses, problem.reference)));
    const own = volume(seeds.map((seed) => search(problem, seed, trials)));
    const sideBySide = volume(seeds.map((seed) => search(problem, seed, trials, 4)));
    const [motpe, nsga2, random] = (['motpe', 'nsga2', 'random'] as const).map((of) =>
      volume(searches[name][of]),
    ) as [number, number, number];
    process.stderr.write(
      `${name}: median hypervolume of ${seeds.length} searches of ${trials} trials ${own.toPrecision(4)}, four side by side ${sideBySide.toPrecision(4)}; Optuna's MOTPE ${motpe.toPrecision(4)}, NSGA-II ${nsga2.toPrecision(4)}, at random ${random.toPrecision(4)}\n`,
    );
    expect(own).toBeGreaterThan(0.985 * motpe);
    expect(sideBySide).toBeGreaterThan(0.985 * motpe);
    // The real table is so small that chance finds nearly all of it, for both.
    expect(sideBySide).toBeGreaterThan((name === 'digits' ? 0.995 : 1.03) * random);
  });
});

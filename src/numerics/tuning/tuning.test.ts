import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../arrays/mulberry32.ts';
import {
  halvingPruner,
  latestBy,
  medianPruner,
  type Observation,
  type Point,
  type Reports,
  randomPoint,
  type Space,
  tpePoint,
} from './index.ts';

const SPACE: Space = {
  leaves: { kind: 'int', low: 2, high: 255 },
  depth: { kind: 'logInt', low: 1, high: 64 },
  rate: { kind: 'logUniform', low: 0.001, high: 1 },
  share: { kind: 'uniform', low: -2, high: 3 },
  kind: { kind: 'choice', options: 3 },
};

/** Least at leaves 40, rate 0.05 and the second option. */
const lossOf = ({ leaves, rate, kind }: Point): number =>
  ((leaves! - 40) / 100) ** 2 + Math.log(rate! / 0.05) ** 2 + (kind === 1 ? 0 : 1);

function search(sampler: 'tpe' | 'random', seed: number, trials: number): Observation[] {
  const found: Observation[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const random = mulberry32(seed * 1000 + trial);
    const point = sampler === 'tpe' ? tpePoint(SPACE, found, random) : randomPoint(SPACE, random);
    found.push({ point, loss: lossOf(point) });
  }
  return found;
}

const best = (found: readonly Observation[]): number => Math.min(...found.map(({ loss }) => loss));

describe('samplers', () => {
  it('stay within the space, with whole numbers where it asks for them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.constantFrom('tpe', 'random'), (seed, sampler) => {
        for (const { point } of search(sampler as 'tpe', seed, 15)) {
          for (const [name, dimension] of Object.entries(SPACE)) {
            const value = point[name]!;
            const [low, high] =
              dimension.kind === 'choice' ? [0, dimension.options - 1] : [dimension.low, dimension.high];
            expect(value).toBeGreaterThanOrEqual(low);
            expect(value).toBeLessThanOrEqual(high);
            if (dimension.kind !== 'uniform' && dimension.kind !== 'logUniform')
              expect(Number.isInteger(value)).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('reach every whole number and both ends', () => {
    const random = mulberry32(1);
    const seen = new Set(
      Array.from({ length: 2000 }, () => randomPoint({ n: { kind: 'int', low: 3, high: 6 } }, random)['n']),
    );
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });

  it('are the same for the same seed and trials', () => {
    expect(search('tpe', 3, 30)).toEqual(search('tpe', 3, 30));
  });

  it('find more by what trials have shown than by chance', () => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed + 1);
    const wins = seeds.filter((seed) => best(search('tpe', seed, 60)) < best(search('random', seed, 60)));
    expect(wins.length).toBeGreaterThanOrEqual(75);
  });

  it('take trials that ended without a loss for the worst', () => {
    const found = search('random', 5, 20).map((one, at) =>
      at % 2 === 0 ? one : { ...one, loss: Number.NaN },
    );
    expect(Object.keys(tpePoint(SPACE, found, mulberry32(1)))).toEqual(Object.keys(SPACE));
  });
});

const rising = (level: number, steps: number): Reports =>
  Array.from({ length: steps }, (_, step) => ({ step: step + 1, loss: level / (step + 1) }));

describe('pruners', () => {
  const others = [1, 2, 3, 4, 5].map((level) => rising(level, 10));

  it('by the median give up what is worse than half of the others as far on', () => {
    const prune = medianPruner(3);
    expect(prune(rising(3.5, 4), others)).toBe(true);
    expect(prune(rising(2.5, 4), others)).toBe(false);
    expect(prune(rising(9, 2), others)).toBe(false);
    expect(prune(rising(9, 4), others.slice(0, 3))).toBe(false);
    expect(prune(rising(9, 11), others)).toBe(false);
  });

  it('judge by what was reported last where that is asked for', () => {
    const falling = (losses: readonly number[]): Reports =>
      losses.map((loss, at) => ({ step: at + 1, loss }));
    const early = [1, 2, 3, 4, 5].map((level) => falling([level, level]));
    // Its best is the best of all, its last is not.
    const worsening = falling([0.5, 4.5]);
    expect(medianPruner(1)(worsening, early)).toBe(false);
    expect(medianPruner(1, latestBy)(worsening, early)).toBe(true);
    expect(halvingPruner(1, 2, latestBy)(worsening, early)).toBe(true);
    expect(halvingPruner(1, 2)(worsening, early)).toBe(false);
  });

  it('by halving let the best third go on at each rung', () => {
    const prune = halvingPruner(1, 3);
    expect(prune(rising(0.5, 3), others)).toBe(false);
    expect(prune(rising(1.5, 3), others)).toBe(false);
    expect(prune(rising(2.5, 3), others)).toBe(true);
    // Judged at rungs only, and once.
    expect(prune(rising(9, 5), others)).toBe(false);
    expect(prune(rising(9, 1), [])).toBe(false);
  });
});

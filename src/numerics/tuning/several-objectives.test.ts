import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { dominates, type Losses, leadingFronts, paretoPlaces } from './dominance.ts';
import { hypervolume, widestSubset } from './hypervolume.ts';
import { type MultiObservation, motpePoint } from './motpe-sampler.ts';
import { randomPoint } from './random-sampler.ts';
import type { Point, Space } from './space.ts';

const someLosses = (objectives: number) =>
  fc.array(
    fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant(Number.NaN)), {
      minLength: objectives,
      maxLength: objectives,
    }),
    { maxLength: 25 },
  );

describe('non-domination', () => {
  it('keeps what no other dominates, equals too, whatever the number of objectives', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3).chain(someLosses), (losses) => {
        const measured = [...losses.keys()].filter((place) => !losses[place]!.some(Number.isNaN));
        const wanted = measured.filter(
          (place) => !measured.some((other) => dominates(losses[other]!, losses[place]!)),
        );
        expect(paretoPlaces(losses)).toEqual(wanted);
      }),
    );
  });

  it('ranks front after front, and stops when there are enough', () => {
    const losses = [
      [1, 1],
      [2, 2],
      [1, 2],
      [3, 3],
      [Number.NaN, 0],
    ];
    expect(leadingFronts(losses, 99)).toEqual([[0], [2], [1], [3]]);
    expect(leadingFronts(losses, 2)).toEqual([[0], [2]]);
  });
});

/** The share of points drawn evenly within the box up to the reference that are dominated. */
function drawnVolume(points: readonly Losses[], reference: Losses): number {
  const random = mulberry32(1);
  const DRAWS = 4000;
  let inside = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const place = reference.map((most) => most * random());
    if (points.some((point) => point.every((loss, at) => loss <= place[at]!))) inside++;
  }
  return (inside / DRAWS) * reference.reduce((product, most) => product * most, 1);
}

describe('the hypervolume', () => {
  it('is the volume that points dominate', () => {
    expect(
      hypervolume(
        [
          [1, 2],
          [2, 1],
          [9, 0],
          [2, 2],
        ],
        [3, 3],
      ),
    ).toBe(3);
    expect(hypervolume([[0, 0, 0]], [2, 3, 4])).toBe(24);
    expect(hypervolume([], [1, 1])).toBe(0);
    const random = mulberry32(4);
    for (const objectives of [2, 3]) {
      const reference = Array.from({ length: objectives }, () => 1);
      const points = Array.from({ length: 8 }, () => reference.map(() => random()));
      expect(Math.abs(hypervolume(points, reference) - drawnVolume(points, reference))).toBeLessThan(0.03);
    }
  });

  it('chooses points one by one, each the one that adds most', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.integer({ min: 1, max: 6 }),
        (points, count) => {
          const reference = [1.1, 1.1, 1.1];
          const chosen = widestSubset(points, count, reference);
          expect(new Set(chosen).size).toBe(Math.min(count, points.length));
          for (let at = 0; at < chosen.length; at++) {
            const before = chosen.slice(0, at).map((place) => points[place]!);
            const volumes = points.map((point) => hypervolume([...before, point], reference));
            expect(volumes[chosen[at]!]).toBeCloseTo(Math.max(...volumes), 9);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

const SPACE: Space = {
  x: { kind: 'uniform', low: 0, high: 1 },
  y: { kind: 'uniform', low: 0, high: 1 },
  z: { kind: 'uniform', low: 0, high: 1 },
  kind: { kind: 'choice', options: 3 },
};

/** ZDT1 of three settings, with one that must be chosen right (E. Zitzler et al., 2000, section 4). */
function lossesOf({ x, y, z, kind }: Point): Losses {
  const far = 1 + 4.5 * (y! + z!) + (kind === 2 ? 0 : 1);
  return [x!, far * (1 - Math.sqrt(x! / far))];
}

function search(seed: number, trials: number, isRandom = false): MultiObservation[] {
  const found: MultiObservation[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const random = mulberry32(seed * 1000 + trial);
    const point = isRandom ? randomPoint(SPACE, random) : motpePoint(SPACE, found, random);
    found.push({ point, losses: lossesOf(point) });
  }
  return found;
}

describe('the sampler of several objectives', () => {
  it('finds wider fronts than chance, the same for the same seed', () => {
    const volumeOf = (found: readonly MultiObservation[]): number =>
      hypervolume(
        found.map(({ losses }) => losses),
        [1.1, 11],
      );
    const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
    const wins = seeds.filter((seed) => volumeOf(search(seed, 50)) > volumeOf(search(seed, 50, true)));
    expect(wins.length).toBeGreaterThanOrEqual(18);
    expect(search(3, 30)).toEqual(search(3, 30));
  });

  it('takes trials without all losses for the worst, also where there are no others', () => {
    const found = search(5, 20);
    const unknown = found.map(({ point }) => ({ point, losses: [0, Number.NaN] }));
    for (const known of [[...found, ...unknown], unknown])
      expect(Object.keys(motpePoint(SPACE, known, mulberry32(1)))).toEqual(Object.keys(SPACE));
  });
});

import { describe, expect, it } from 'vitest';
import { type Objective, paretoFront } from './pareto-front.ts';

const smaller = (...values: (number | null)[]): Objective => ({ values, isGreaterBetter: false });
const greater = (...values: (number | null)[]): Objective => ({ values, isGreaterBetter: true });

/** By the definition: no other is as good in both and better in one. */
function slowly(first: Objective, second: Objective): number[] {
  const better = ({ values, isGreaterBetter }: Objective, a: number, b: number): number =>
    Math.sign(isGreaterBetter ? values[a]! - values[b]! : values[b]! - values[a]!);
  const places = first.values.flatMap((value, place) =>
    value === null || second.values[place] === null ? [] : [place],
  );
  return places.filter((place) =>
    places.every((other) => {
      const signs = [better(first, other, place), better(second, other, place)];
      return signs.includes(-1) || !signs.includes(1);
    }),
  );
}

describe('the Pareto front', () => {
  it('is what no other beats, the best in the first figure first', () => {
    expect(paretoFront(greater(0.9, 0.8, 0.95, 0.7), smaller(3, 2, 9, 2))).toEqual([2, 0, 1]);
  });

  it('keeps equals, and leaves out what has no figure', () => {
    expect(paretoFront(smaller(1, 1, null, 2), smaller(5, 5, 1, Number.NaN))).toEqual([0, 1]);
    expect(paretoFront(smaller(), smaller())).toEqual([]);
  });

  it('is that of its definition', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const digits = (salt: number) =>
        Array.from({ length: 12 }, (_, place) => (seed * 31 * salt + place * place * (salt + seed)) % 7);
      const [first, second] = [greater(...digits(3)), smaller(...digits(5))];
      expect(paretoFront(first, second).toSorted((a, b) => a - b)).toEqual(slowly(first, second));
    }
  });
});

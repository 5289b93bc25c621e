import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../arrays/mulberry32.ts';
import { LEAST_TRIALS_FOR_IMPORTANCE, settingImportance } from './importance.ts';
import { randomPoint } from './random-sampler.ts';
import type { Point, Space } from './space.ts';

const SPACE: Space = {
  strong: { kind: 'uniform', low: 0, high: 1 },
  weak: { kind: 'logUniform', low: 0.001, high: 1 },
  kind: { kind: 'choice', options: 3 },
  idle: { kind: 'int', low: 1, high: 9 },
};

function observed(lossOf: (point: Point) => number, count = 300, seed = 5) {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const point = randomPoint(SPACE, random);
    return { point, loss: lossOf(point) };
  });
}

describe('the importance of settings', () => {
  it('is the share of the variance that each explains, where they add up', () => {
    // Variances of 3 x, of log10 y over [-3, 0] and of two levels: 9/12, 9/12 × 0.25² and 2/9 × 0.6².
    const found = settingImportance(
      SPACE,
      observed(({ strong, weak, kind }) => 3 * strong! + 0.25 * Math.log10(weak!) + (kind === 2 ? 0.6 : 0)),
    )!;
    const variances = { strong: 9 / 12, weak: (9 / 12) * 0.25 ** 2, kind: (2 / 9) * 0.6 ** 2, idle: 0 };
    const total = Object.values(variances).reduce((sum, one) => sum + one, 0);
    for (const [name, variance] of Object.entries(variances))
      expect(Math.abs(found[name]! - variance / total)).toBeLessThan(0.05);
    expect(Object.values(found).reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('leaves to interplay what no setting explains by itself', () => {
    const found = settingImportance(
      SPACE,
      observed(({ strong, kind }) => (strong! > 0.5 === kind! > 0 ? 1 : 0), 400),
    )!;
    // An exclusive or of chances 1/2 and 2/3: the first explains a ninth, the second nothing.
    expect(Math.abs(found['strong']! - 1 / 9)).toBeLessThan(0.05);
    expect(found['kind']!).toBeLessThan(0.05);
  });

  it('is none for too few trials, for equal results, and does not count those that were given up', () => {
    const few = observed(({ strong }) => strong!, LEAST_TRIALS_FOR_IMPORTANCE - 1);
    const given = observed(() => Number.NaN, 50);
    expect(settingImportance(SPACE, [...few, ...given])).toBeNull();
    expect(
      settingImportance(
        SPACE,
        observed(() => 0.25),
      ),
    ).toBeNull();
  });

  it('is the same each time, from an even sample where there are many trials', () => {
    const many = observed(({ strong, weak }) => strong! * weak!, 10_000);
    expect(settingImportance(SPACE, many)).toEqual(settingImportance(SPACE, many));
  });
});

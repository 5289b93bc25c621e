import { describe, expect, it } from 'vitest';
import { countsAt, figuresOf } from './threshold-counts.ts';

const points = [
  { threshold: 0.9, truePositives: 2, falsePositives: 0, trueNegatives: 5, falseNegatives: 3 },
  { threshold: 0.5, truePositives: 4, falsePositives: 1, trueNegatives: 4, falseNegatives: 1 },
  { threshold: 0.1, truePositives: 5, falsePositives: 5, trueNegatives: 0, falseNegatives: 0 },
];

describe('answers at a threshold', () => {
  it('are those of the lowest score that is still a yes', () => {
    expect(countsAt(points, 0.5)).toBe(points[1]);
    expect(countsAt(points, 0.51)).toBe(points[0]);
    expect(countsAt(points, 0)).toBe(points[2]);
  });

  it('are all no above the highest score, and nothing without points', () => {
    expect(countsAt(points, 0.95)).toMatchObject({ truePositives: 0, trueNegatives: 5, falseNegatives: 5 });
    expect(countsAt([], 0.5)).toBeNull();
  });

  it('make the figures that belong to them', () => {
    expect(figuresOf(points[1]!)).toEqual({
      precision: 0.8,
      recall: 0.8,
      f1: 0.8,
      accuracy: 0.8,
      answeredYes: 0.5,
      falsePositiveRate: 0.2,
    });
    expect(figuresOf(countsAt(points, 1)!).precision).toBeNaN();
  });
});

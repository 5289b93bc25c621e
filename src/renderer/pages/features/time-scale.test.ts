import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microsToIso } from '../../../shared/table/column.ts';
import { TIME_STEPS, timeScale } from './time-scale.ts';

const FIRST = '2026-01-01T05:25:07.200Z';
const LAST = '2026-07-01T03:08:14.400001Z';

describe('a history along a slider', () => {
  it('has exact ends, so that its last row is in sight at the end', () => {
    const scale = timeScale(FIRST, LAST);
    expect(scale.toInstant(0)).toBe(FIRST);
    expect(scale.toInstant(TIME_STEPS)).toBe(LAST);
    expect(scale.toInstant(500)).toMatch(/^2026-04-01T\d\d:\d\d:\d\dZ$/);
  });

  it('finds the step that an instant came from', () => {
    const micros = fc.integer({ min: 0, max: 4e15 });
    fc.assert(
      fc.property(micros, micros, fc.integer({ min: 0, max: TIME_STEPS }), (a, b, position) => {
        const scale = timeScale(microsToIso(Math.min(a, b)), microsToIso(Math.max(a, b) + TIME_STEPS * 10));
        expect(Math.abs(scale.toPosition(scale.toInstant(position)) - position)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps within its ends, and stands a history of one instant', () => {
    const scale = timeScale(FIRST, LAST);
    expect(scale.toPosition('1999-01-01')).toBe(0);
    expect(scale.toPosition('2030-01-01')).toBe(TIME_STEPS);
    expect(scale.toPosition('yesterday')).toBe(TIME_STEPS);
    expect(timeScale(FIRST, FIRST).toInstant(500)).toBe(FIRST);
  });
});

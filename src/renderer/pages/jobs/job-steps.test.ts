import { describe, expect, it } from 'vitest';
import { demoStepStates } from './job-steps.ts';

describe('the steps of the demo', () => {
  it('are done before, now at, and later after the current one', () => {
    expect(demoStepStates('train').map(({ state }) => state)).toEqual([
      'done',
      'done',
      'now',
      'later',
      'later',
      'later',
      'later',
    ]);
  });

  it('all wait while nothing is known', () => {
    expect(demoStepStates('').every(({ state }) => state === 'later')).toBe(true);
  });
});

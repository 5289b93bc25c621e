import { expect, it } from 'vitest';
import { progressOf } from './progress-line.ts';

it('reads points of curves, and leaves every other line to the log', () => {
  expect(progressOf('falaj {"step": 3, "of": 10, "metrics": {"validationLoss": 0.4}}')).toEqual({
    step: 3,
    of: 10,
    metrics: { validationLoss: 0.4 },
  });
  for (const line of ['', 'falaj', 'falaj {"step": "three"}', 'falaj {broken', '{"step": 1, "of": 1}'])
    expect(progressOf(line)).toBeNull();
});

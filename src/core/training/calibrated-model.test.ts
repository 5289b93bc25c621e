import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../test/fixtures/visit-trainings.ts';

let rooms: VisitTrainings;
beforeEach(async () => {
  rooms = await openVisitTrainings();
});
afterEach(() => rooms.parts.close());

/** Trees that say too much: many of them, learned on few rows, at a high rate. */
const OVERSURE = { kind: 'gbdt', trees: 200, leaves: 31, learningRate: 0.3, minRowsPerLeaf: 5 } as const;
const LEARNERS = [OVERSURE, { kind: 'linear', l2: 0 }, { kind: 'mlp', hidden: [16], epochs: 5 }] as const;

describe('a calibrated training', () => {
  it.each(
    LEARNERS.flatMap((learner) =>
      (['platt', 'isotonic'] as const).map((calibrate) => ({ learner, calibrate })),
    ),
  )('exports what it corrected: $calibrate of a $learner.kind learner', async ({ learner, calibrate }) => {
    await rooms.importVisits(visitLines(4000, byChance));
    const { result } = await rooms.train(
      visitTraining({ learner, calibrate, split: { test: 0.3, validation: 0.3 } }),
    );
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    const { calibrated, calibration } = rooms.tracking.evaluation({ id: result.run })!;
    expect(calibrated).toMatchObject({ method: calibrate });
    expect(calibrated!.before.length).toBeGreaterThan(5);
    expect(calibration).not.toEqual(calibrated!.before);
    if (learner === OVERSURE) {
      expect(result.metrics['logloss']).toBeLessThan(calibrated!.metricsBefore['logloss']! - 0.1);
      expect(result.metrics['ece']).toBeLessThan(calibrated!.metricsBefore['ece']! / 2);
    }
  });

  it.each([
    [{ calibrate: 'platt', split: { validation: 0 } }, /validation part/],
    [{ calibrate: 'platt', task: 'regression' }, /two classes/],
    [{ calibrate: 'beta' }, /calibrate/],
  ])('refuses %o before anything is trained', (changes, message) => {
    expect(() => visitTraining(changes)).toThrow(message);
  });

  it('refuses a validation part of one class, and leaves no model behind', async () => {
    await rooms.importVisits(visitLines(1000, byChance));
    const label = {
      column: 'bought',
      expression: `bought = 1 AND NOT ("at" BETWEEN TIMESTAMP '2026-01-01 11:39:00' AND TIMESTAMP '2026-01-01 13:21:00')`,
    };
    await expect(rooms.train(visitTraining({ calibrate: 'platt', label }))).rejects.toMatchObject({
      code: 'LABEL_UNUSABLE',
      hint: 'Use a larger validation part.',
    });
    expect(rooms.registry.list()).toEqual([]);
    expect(rooms.tracking.list({})[0]).toMatchObject({ status: 'failed' });
  });
});

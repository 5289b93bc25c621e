import { expect, it } from 'vitest';
import { type AnyTraining, trainingDefinition } from '../../shared/definitions/training.ts';
import { trainingJobs } from './jobs.ts';
import type { TrainingRoom } from './training-room.ts';

const withLearner = (learner: object): AnyTraining =>
  trainingDefinition.parse({
    kind: 'Training',
    name: 'delays',
    entities: { dataset: 'flights' },
    label: { column: 'delay' },
    task: 'regression',
    learner,
  });

it('counts a training by a script, as it is now or was then, as a program of a person', () => {
  const trainings: Record<string, AnyTraining> = {
    forest: withLearner({ kind: 'python', script: 'train.py', code: { 'train.py': 'print(1)' } }),
    line: withLearner({ kind: 'linear' }),
  };
  const [run] = trainingJobs({ get: ({ name }: { name: string }) => trainings[name]! } as TrainingRoom);
  expect(run!.startsProgram?.({ name: 'forest' })).toBe(true);
  expect(run!.startsProgram?.({ name: 'line' })).toBe(false);
  // Only what a script learnt is repeated, whatever the definition says now.
  expect(run!.startsProgram?.({ name: 'line', repeats: 'r1' })).toBe(true);
});

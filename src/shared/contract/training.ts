import { oc } from '@orpc/contract';
import { z } from 'zod';
import { trainingDefinition } from '../definitions/training.ts';
import { byName, jobStarted } from './common.ts';
import { jobSchedule } from './jobs.ts';

export const trainingContract = {
  list: oc.route({ method: 'GET', path: '/training' }).output(z.array(trainingDefinition)),
  get: oc.route({ method: 'GET', path: '/training/{name}' }).input(byName).output(trainingDefinition),
  /** Whether the data are there, have the columns that it names, and its expressions can be computed; rows are not looked at. */
  check: oc
    .route({ method: 'POST', path: '/training/check' })
    .input(z.object({ definition: trainingDefinition }))
    .output(z.object({ ready: z.literal(true) })),
  /** Runs a stored Training definition. Job result: `trainResult`. */
  start: oc
    .route({ method: 'POST', path: '/training/{name}/runs' })
    .input(
      byName.extend({
        schedule: jobSchedule.prefault({}),
        /** Variables of the person's shell, for a learner that is a script. They are kept nowhere. */
        environment: z.record(z.string(), z.string()).optional(),
        /** Absolute path of a folder of wheels for its environment. */
        wheelhouse: z.string().min(1).optional(),
      }),
    )
    .output(jobStarted),
};

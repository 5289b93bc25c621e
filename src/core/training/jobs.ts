import { z } from 'zod';
import { byName } from '../../shared/contract/common.ts';
import { jobNeeds } from '../../shared/contract/jobs.ts';
import { startsProgram } from '../../shared/definitions/training.ts';
import { defineJob } from '../jobs/index.ts';
import type { TrainingRoom } from './training-room.ts';

const trainingInput = byName.extend({
  /** A run that is repeated, with the definition and the code of then. */
  repeats: z.string().max(64).optional(),
  /** What the code of then asks for; that of a definition is looked up. */
  needs: jobNeeds.optional(),
  /** Under which this engine remembers the variables of the shell; a later one does not. */
  environmentId: z.string().optional(),
  /** Absolute path of a folder of wheels. */
  wheelhouse: z.string().optional(),
});

export const trainingJobs = (training: TrainingRoom) => [
  defineJob({
    kind: 'training.run',
    lane: 'training',
    continues: true,
    // What is repeated is a script's.
    startsProgram: ({ name, repeats }) => repeats !== undefined || startsProgram(training.get({ name })),
    input: trainingInput,
    title: (input: z.infer<typeof trainingInput>) => `Train ${input.name}`,
    subject: (input) => `/training/${input.name}`,
    needs: ({ name, repeats, needs }) => (repeats === undefined ? training.needs({ name }) : (needs ?? null)),
    run: (context, input) => training.run(context, input),
  }),
];

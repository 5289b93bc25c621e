import { z } from 'zod';
import { pythonLearner } from '../../shared/definitions/python-learner.ts';

/** Where a training whose learner is a script keeps what it was, among its run's artifacts. */
export const TRAINING_FILE = 'falaj/training.json';

/** As much of it as says how it is begun again. */
export const trainingCapture = z.object({
  format: z.literal('falaj-training-v1'),
  name: z.string(),
  /** Folder of wheels that its environment was made from. */
  wheelhouse: z.string().nullable(),
  /** With the texts of its files. */
  definition: z.looseObject({ learner: pythonLearner }),
});

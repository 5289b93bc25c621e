import { byName } from '../../shared/contract/common.ts';
import { defineJob } from '../jobs/index.ts';
import type { TrainingRoom } from './training-room.ts';

export const trainingJobs = (training: TrainingRoom) => [
  defineJob({
    kind: 'training.run',
    lane: 'training',
    continues: true,
    input: byName,
    title: (input: { name: string }) => `Train ${input.name}`,
    subject: (input) => `/training/${input.name}`,
    run: (context, input) => training.run(context, input),
  }),
];

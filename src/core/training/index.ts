export { curves, measure, prefixed } from './evaluate.ts';
export { trainingJobs } from './jobs.ts';
export type { LearnedModel } from './learn-run.ts';
export { type TrainingOptions, TrainingRoom } from './training-room.ts';
export { suits, type TrainingSet } from './training-set.ts';

export { curves, measure, prefixed } from './evaluate.ts';
export { trainingJobs } from './jobs.ts';
export { type LearnedModel, type TrainingOptions, TrainingRoom } from './training-room.ts';
export { suits, type TrainingSet } from './training-set.ts';

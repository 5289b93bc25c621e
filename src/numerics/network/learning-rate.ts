import type { NetworkOptions, Schedule } from './options.ts';

/** @param progress share of all steps that are done. */
export function learningRateAt(
  { learningRate, schedule, warmupSteps }: NetworkOptions,
  step: number,
  progress: number,
  epoch: number,
): number {
  const warm = warmupSteps > 0 ? Math.min(1, step / warmupSteps) : 1;
  return learningRate * warm * scheduleFactor(schedule, progress, epoch);
}

function scheduleFactor(schedule: Schedule, progress: number, epoch: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'cosine':
      return (1 + Math.cos(Math.PI * progress)) / 2;
    case 'step':
      return schedule.factor ** Math.floor((epoch - 1) / schedule.epochs);
  }
}

import { type Command, Option } from 'commander';
import { jobPriority } from '../../../shared/contract/jobs.ts';
import type { JobPriority, JobScheduleInput } from '../../../shared/contract/types.ts';
import { durationMs, wholeNumber } from '../option-values.ts';

export interface ScheduleOptions {
  readonly priority?: JobPriority;
  readonly after?: readonly string[];
  readonly timeLimit?: number;
  readonly retries?: number;
  readonly retryDelay?: number;
}

/** When the job of a command begins, and what is done when it takes too long or fails. */
export const withScheduleOptions = (command: Command): Command =>
  command
    .addOption(new Option('--priority <level>', 'whether it passes what waits').choices(jobPriority.options))
    .option('--after <job...>', 'begin only when these jobs have succeeded')
    .option('--time-limit <length>', 'end it when it takes longer, such as 8h', durationMs)
    .option('--retries <n>', 'begin it again when it fails, at most so often', wholeNumber(0, 100))
    .option('--retry-delay <length>', 'wait before that, twice as long each time', durationMs);

export const scheduleOf = (options: ScheduleOptions): JobScheduleInput => ({
  ...(options.priority === undefined ? {} : { priority: options.priority }),
  ...(options.after === undefined ? {} : { after: [...options.after] }),
  ...(options.timeLimit === undefined ? {} : { timeLimitMs: options.timeLimit }),
  ...(options.retries === undefined ? {} : { retries: options.retries }),
  ...(options.retryDelay === undefined ? {} : { retryDelayMs: options.retryDelay }),
});

import type { Job } from '../../shared/contract/types.ts';
import { formatNumber } from './text-table.ts';

const BAR_CELLS = 24;
const PLAIN_EVERY_MS = 2_000;

export interface ProgressDisplay {
  show(job: Pick<Job, 'title' | 'progress'>): void;
  /** Leaves the line clean for what comes next. */
  end(): void;
}

const SILENT: ProgressDisplay = { show: () => undefined, end: () => undefined };

/** A bar that redraws itself on a terminal, plain lines elsewhere, nothing when quiet. */
export function createProgressDisplay(
  stream: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number },
  options: { readonly quiet: boolean; readonly clock: () => number },
): ProgressDisplay {
  if (options.quiet) return SILENT;
  return stream.isTTY === true ? drawnBar(stream) : plainLines(stream, options.clock);
}

function drawnBar(stream: { write(text: string): unknown; readonly columns?: number }): ProgressDisplay {
  let drawn = false;
  return {
    show: (job) => {
      if (job.progress === null) return;
      const { fraction, step } = job.progress;
      const filled = fraction === null ? 0 : Math.round(fraction * BAR_CELLS);
      const bar =
        fraction === null ? '┄'.repeat(BAR_CELLS) : '━'.repeat(filled) + '┄'.repeat(BAR_CELLS - filled);
      const share = fraction === null ? '    ' : `${String(Math.floor(fraction * 100)).padStart(3)}%`;
      const line = [`${step.padEnd(12)} ${bar} ${share}`, ...facts(job.progress)].join('  ');
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns ?? 100) - 1)}`);
      drawn = true;
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

function plainLines(stream: { write(text: string): unknown }, clock: () => number): ProgressDisplay {
  let lastStep = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    show: (job) => {
      if (job.progress === null) return;
      const { step, fraction } = job.progress;
      const now = clock();
      if (step === lastStep && now - lastAt < PLAIN_EVERY_MS) return;
      lastStep = step;
      lastAt = now;
      const share = fraction === null ? '' : ` ${Math.floor(fraction * 100)}%`;
      stream.write(`${[`${step}${share}`, ...facts(job.progress)].join('  ')}\n`);
    },
    end: () => undefined,
  };
}

function facts(progress: NonNullable<Job['progress']>): string[] {
  const rate =
    progress.ratePerSecond === null
      ? ''
      : `${formatNumber(Math.round(progress.ratePerSecond))} ${progress.unit ?? ''}/s`;
  const left = progress.remainingMs === null ? '' : `${clockTime(progress.remainingMs)} left`;
  return [rate, left, progress.detail].filter((text) => text !== '');
}

export const clockTime = (milliseconds: number): string => {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

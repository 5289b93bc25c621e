import { describe, expect, it } from 'vitest';
import type { Job } from '../../shared/contract/types.ts';
import { createProgressDisplay } from './progress-display.ts';

const job = (step: string, fraction: number | null): Pick<Job, 'title' | 'progress'> => ({
  title: 'Import',
  progress: { fraction, step, detail: 'flights.csv', ratePerSecond: 1000, unit: 'rows', remainingMs: 61_000 },
});

function display(isTTY: boolean, quiet = false) {
  let text = '';
  let now = 0;
  const shown = createProgressDisplay(
    { write: (part) => (text += part), isTTY, columns: 90 },
    { quiet, clock: () => now },
  );
  return { shown, text: () => text, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('progress', () => {
  it('redraws one line on a terminal and leaves it clean', () => {
    const { shown, text } = display(true);
    shown.show(job('read', 0.5));
    expect(text()).toContain(' 50%');
    expect(text()).toContain('1,000 rows/s  1:01 left');
    shown.end();
    expect(text().endsWith('\r\u001b[K')).toBe(true);
    expect(text()).not.toContain('\n');
  });

  it('prints plain lines elsewhere: each step, and not too many', () => {
    const { shown, text, wait } = display(false);
    for (let part = 0; part < 100; part++) shown.show(job('read', part / 100));
    wait(2_500);
    shown.show(job('read', 0.99));
    shown.show(job('write', null));
    expect(text().trimEnd().split('\n')).toEqual([
      'read 0%  1,000 rows/s  1:01 left  flights.csv',
      'read 99%  1,000 rows/s  1:01 left  flights.csv',
      'write  1,000 rows/s  1:01 left  flights.csv',
    ]);
    expect(text()).not.toContain('\u001b');
  });

  it('says nothing when quiet', () => {
    const { shown, text } = display(true, true);
    shown.show(job('read', 0.5));
    shown.end();
    expect(text()).toBe('');
  });
});

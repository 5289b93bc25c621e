import { beforeEach, expect, it, vi } from 'vitest';
import type { JobLogLine } from '../../shared/contract/types.ts';
import { JobLog } from './job-log.ts';

let kept: JobLogLine[];
let writes: number;
let published: JobLogLine[];
let full: boolean;

const open = (last = 0): JobLog =>
  new JobLog({
    lastSequence: () => last,
    keep: (_job, lines) => {
      if (full) throw new Error('The disk is full.');
      writes++;
      kept.push(...lines);
    },
    publish: (_job, line) => published.push(line),
    clock: () => 0,
  });

beforeEach(() => {
  kept = [];
  published = [];
  writes = 0;
  full = false;
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it('writes the lines of a moment together, numbered on from those of an earlier attempt', () => {
  const log = open(7);
  for (let line = 0; line < 1000; line++) log.add('job', 'info', `line ${line}`);
  expect(kept).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(writes).toBe(1);
  expect(kept.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 8));
  expect(published).toEqual(kept);
});

it('keeps the start and the end of a job that says too much, and counts the rest', () => {
  const log = open();
  const lines = 400_000;
  for (let line = 0; line < lines; line++)
    log.add('job', 'info', `${String(line).padStart(8, '0')} ${'x'.repeat(90)}`);
  log.end('job');
  const texts = kept.map(({ text }) => text);
  expect(texts[0]).toMatch(/^00000000 /);
  expect(texts.at(-1)).toMatch(/^00399999 /);
  expect(texts.join('').length).toBeLessThan(9_000_000);
  const [note] = kept.filter(({ level }) => level === 'warn');
  const leftOut = Number(/^… (\d+) lines/.exec(note!.text)![1]);
  expect(leftOut + kept.length - 1).toBe(lines);
  expect(kept.map(({ sequence }) => sequence)).toEqual(kept.map((_, at) => at + 1));
});

it('cuts a line that never ends', () => {
  const log = open();
  log.add('job', 'info', 'x'.repeat(1_000_000));
  log.end('job');
  expect(kept[0]!.text.length).toBeLessThan(9_000);
});

it('keeps lines that a full disk did not take until it does, and fails the end of the job if it never does', () => {
  const log = open();
  full = true;
  log.add('job', 'info', 'first');
  vi.advanceTimersByTime(100);
  expect(() => log.end('job')).toThrow('The disk is full.');
  full = false;
  log.add('job', 'info', 'second');
  vi.advanceTimersByTime(100);
  expect(kept.map(({ text }) => text)).toEqual(['first', 'second']);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobLogLine } from '../../../shared/contract/types.ts';
import { mergeLog } from './merge-log.ts';

const line = (sequence: number): JobLogLine => ({
  sequence,
  at: '2026-01-01T00:00:00Z',
  level: 'info',
  text: String(sequence),
});

describe('merging a log', () => {
  it('keeps every line once and in order, whichever part brought it', () => {
    const sequences = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(sequences, sequences, (first, second) => {
        const sorted = (numbers: readonly number[]) =>
          [...new Set(numbers)].sort((left, right) => left - right);
        const merged = mergeLog(sorted(first).map(line), second.map(line)).map(({ sequence }) => sequence);
        expect(merged).toEqual(sorted([...first, ...second]));
      }),
    );
  });
});

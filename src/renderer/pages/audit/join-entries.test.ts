import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../shared/contract/types.ts';
import { withNewest, withOlder } from './join-entries.ts';

const entries = (...sequences: readonly number[]): AuditEntry[] =>
  sequences.map((sequence) => ({
    sequence,
    at: '2026-01-01T00:00:00.000Z',
    actor: 'noor',
    action: 'data.import',
    object: 'data/flights',
    result: 'done',
    details: {},
    leafHash: '0'.repeat(64),
  }));
const numbers = (list: readonly AuditEntry[]): number[] => list.map(({ sequence }) => sequence);

describe('withNewest', () => {
  it('begins with the first page', () => {
    expect(numbers(withNewest([], entries(9, 8)))).toEqual([9, 8]);
  });

  it('puts what is new on top and keeps the older pages', () => {
    expect(numbers(withNewest(entries(9, 8, 7), entries(11, 10, 9)))).toEqual([11, 10, 9, 8, 7]);
  });

  it('leaves what is known as it is when nothing is new', () => {
    const known = entries(9, 8);
    expect(withNewest(known, entries(9, 8))).toBe(known);
    expect(withNewest(known, [])).toBe(known);
  });

  it('shows no gap: a page that does not reach down stands alone', () => {
    expect(numbers(withNewest(entries(9, 8), entries(30, 29)))).toEqual([30, 29]);
  });
});

describe('withOlder', () => {
  it('continues below, without what is there already', () => {
    expect(numbers(withOlder(entries(9, 8), entries(8, 7, 6)))).toEqual([9, 8, 7, 6]);
  });
});

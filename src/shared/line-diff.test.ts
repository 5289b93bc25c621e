import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aroundChanges, type DiffLine, lineDiff } from './line-diff.ts';

const side = (lines: readonly DiffLine[], without: DiffLine['kind']): string[] =>
  lines.filter(({ kind }) => kind !== without).map(({ text }) => text);
const changed = (lines: readonly DiffLine[]): number => lines.filter(({ kind }) => kind !== 'same').length;

/** Length of the longest common subsequence, by the table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    for (const [place, right] of b.entries())
      next.push(left === right ? row[place]! + 1 : Math.max(row[place + 1]!, next[place]!));
    row = next;
  }
  return row[b.length]!;
}

describe('a diff of lines', () => {
  it('leads from one text to the other by as few changes as there can be', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDiff(before, after);
        expect(side(lines, 'added')).toEqual(before);
        expect(side(lines, 'removed')).toEqual(after);
        expect(changed(lines)).toBe(before.length + after.length - 2 * commonLength(before, after));
      }),
    );
  });

  it('shows texts that have nothing in common as replaced', () => {
    const before = Array.from({ length: 3000 }, (_, line) => `a${line}`);
    const after = Array.from({ length: 3000 }, (_, line) => `b${line}`);
    const lines = lineDiff(before, after);
    expect(side(lines, 'added')).toEqual(before);
    expect(side(lines, 'removed')).toEqual(after);
  });

  it('is shown around its changes', () => {
    const before = Array.from({ length: 40 }, (_, line) => String(line));
    const after = before.with(10, 'ten').with(30, 'thirty');
    const parts = aroundChanges(lineDiff(before, after), 2);
    expect(parts.map(({ skipped, lines }) => [skipped, lines.length])).toEqual([
      [8, 6],
      [15, 6],
    ]);
    expect(aroundChanges(lineDiff(before, before), 2)).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { OutputLines } from './output-lines.ts';

function linesOf(...pieces: readonly (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const piece of pieces) output.add(Buffer.from(piece));
  output.end();
  return lines;
}

it('cuts output into lines, wherever it was cut on its way', () => {
  const arabic = Buffer.from('الدقة 0.9\n');
  expect(linesOf('one\ntw', 'o\r\n', '\n', arabic.subarray(0, 3), arabic.subarray(3), 'last')).toEqual([
    'one',
    'two',
    '',
    'الدقة 0.9',
    'last',
  ]);
});

it('tells a progress bar as it last was, and no colours', () => {
  expect(linesOf('\r 10 %', '\r 55 %', '\r100 %\n', '\u001b[31mred\u001b[0m\n')).toEqual(['100 %', 'red']);
});

it('holds no more of an endless line than a piece', () => {
  const lines = linesOf('x'.repeat(100_000));
  expect(lines.join('')).toHaveLength(100_000);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(10_000);
});

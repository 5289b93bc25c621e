export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Texts that differ in more lines are shown as wholly replaced. */
const MOST_CHANGES = 1000;

/**
 * The shortest way from one list of lines to another, by the greedy algorithm of E. Myers, "An O(ND) Difference Algorithm and
 * Its Variations", 1986.
 */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  return [
    ...before.slice(0, start).map(same),
    ...changes(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

const same = (text: string): DiffLine => ({ kind: 'same', text });
const removed = (text: string): DiffLine => ({ kind: 'removed', text });
const added = (text: string): DiffLine => ({ kind: 'added', text });

function changes(before: readonly string[], after: readonly string[]): DiffLine[] {
  const [rows, columns] = [before.length, after.length];
  if (rows === 0 || columns === 0) return [...before.map(removed), ...after.map(added)];
  const most = Math.min(MOST_CHANGES, rows + columns);
  const middle = most + 1;
  /** How far along `before` each diagonal has come. */
  const reached = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let count = 0; count <= most; count++) {
    trace.push(reached.slice());
    for (let diagonal = -count; diagonal <= count; diagonal += 2) {
      let row = isDown(reached, middle, diagonal, count)
        ? reached[middle + diagonal + 1]!
        : reached[middle + diagonal - 1]! + 1;
      let column = row - diagonal;
      while (row < rows && column < columns && before[row] === after[column]) {
        row++;
        column++;
      }
      reached[middle + diagonal] = row;
      if (row >= rows && column >= columns) return wayBack(before, after, trace, middle);
    }
  }
  return [...before.map(removed), ...after.map(added)];
}

/** Whether a diagonal is best reached by an added line. */
const isDown = (reached: Int32Array, middle: number, diagonal: number, count: number): boolean =>
  diagonal === -count ||
  (diagonal !== count && reached[middle + diagonal - 1]! < reached[middle + diagonal + 1]!);

function wayBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly Int32Array[],
  middle: number,
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [row, column] = [before.length, after.length];
  for (let count = trace.length - 1; count >= 0; count--) {
    const reached = trace[count]!;
    const diagonal = row - column;
    const down = isDown(reached, middle, diagonal, count);
    const fromDiagonal = down ? diagonal + 1 : diagonal - 1;
    const fromRow = count === 0 ? 0 : reached[middle + fromDiagonal]!;
    const fromColumn = count === 0 ? 0 : fromRow - fromDiagonal;
    while (row > fromRow && column > fromColumn) {
      lines.push(same(before[row - 1]!));
      row--;
      column--;
    }
    if (count === 0) break;
    lines.push(down ? added(after[column - 1]!) : removed(before[row - 1]!));
    [row, column] = [fromRow, fromColumn];
  }
  return lines.reverse();
}

/** Parts of a diff around its changes; the number of equal lines that are left out before each. */
export interface DiffPart {
  readonly skipped: number;
  readonly lines: readonly DiffLine[];
}

/** Leaves out what is equal but for so many lines on each side of a change. */
export function aroundChanges(lines: readonly DiffLine[], context: number): DiffPart[] {
  const parts: { skipped: number; lines: DiffLine[] }[] = [];
  let skipped = 0;
  let shownUntil = -1;
  const nextChange: number[] = new Array<number>(lines.length);
  let next = Number.POSITIVE_INFINITY;
  for (let at = lines.length - 1; at >= 0; at--) {
    if (lines[at]!.kind !== 'same') next = at;
    nextChange[at] = next;
  }
  for (const [at, line] of lines.entries()) {
    if (line.kind !== 'same') shownUntil = at + context;
    if (at > shownUntil && nextChange[at]! - at > context) {
      skipped++;
      continue;
    }
    if (parts.length === 0 || skipped > 0) parts.push({ skipped, lines: [] });
    parts.at(-1)!.lines.push(line);
    skipped = 0;
  }
  return parts;
}

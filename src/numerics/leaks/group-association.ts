import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';

/**
 * By how much knowing a row's group lowers the error of guessing its class, 0 to 1: Goodman and Kruskal's lambda, each row
 * left out of the counts that it is judged by. So an identifier, whose groups have one row each, explains nothing, where
 * Cramér's V or plain purity would call it perfect. NaN when there is one class only.
 */
export function leaveOneOutLambda(groups: Uint32Array, classes: Uint32Array, classCount: number): number {
  const rows = groups.length;
  const pairs = Float64Array.from(groups, (group, row) => group * classCount + classes[row]!);
  const order = rowsInAscendingOrder(pairs);
  const totals = new Float64Array(classCount);
  let guessed = 0;
  for (let from = 0; from < rows; ) {
    const group = groups[order[from]!]!;
    let [most, second] = [0, 0];
    let to = from;
    while (to < rows && groups[order[to]!] === group) {
      const start = to;
      const one = classes[order[to]!]!;
      while (to < rows && pairs[order[to]!] === pairs[order[start]!]) to++;
      const count = to - start;
      totals[one] = totals[one]! + count;
      if (count > most) [most, second] = [count, most];
      else if (count > second) second = count;
    }
    // A row of the greatest class is guessed when that class leads without it; the others never are.
    if (most - 1 > second) guessed += most;
    from = to;
  }
  const base = totals.reduce((left, right) => Math.max(left, right), 0);
  return base === rows ? Number.NaN : Math.max(0, (guessed - base) / (rows - base));
}

/** What each row's number would be guessed to be: the mean of its group's other rows, or of all others if there are none. */
export function leaveOneOutMeans(
  groups: Uint32Array,
  groupCount: number,
  numbers: Float64Array,
): Float64Array {
  const sums = new Float64Array(groupCount);
  const counts = new Float64Array(groupCount);
  let total = 0;
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]!;
    sums[group] = sums[group]! + numbers[row]!;
    counts[group] = counts[group]! + 1;
    total += numbers[row]!;
  }
  return Float64Array.from(numbers, (number, row) => {
    const group = groups[row]!;
    return counts[group]! > 1
      ? (sums[group]! - number) / (counts[group]! - 1)
      : (total - number) / (numbers.length - 1);
  });
}

/** The most blocks that numbers are cut into, and the fewest rows of one. */
const BLOCKS = 1000;
const BLOCK_ROWS = 5;

/** Neighbouring numbers as groups; equal ones are never parted. */
export function blocksOf(values: Float64Array): Uint32Array {
  const order = rowsInAscendingOrder(values);
  const wanted = Math.max(BLOCK_ROWS, Math.ceil(order.length / BLOCKS));
  const groups = new Uint32Array(values.length);
  let [group, size] = [0, 0];
  for (let place = 0; place < order.length; place++) {
    const isNew = place > 0 && values[order[place]!] !== values[order[place - 1]!];
    if (isNew && size >= wanted) [group, size] = [group + 1, 0];
    groups[order[place]!] = group;
    size++;
  }
  return groups;
}

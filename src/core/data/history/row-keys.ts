import type { Column } from '../../../shared/table/column.ts';
import { isPresent } from '../../../shared/table/column.ts';

type Cell = string | number | bigint;

/** Code of a row that has a null in its key, or whose key is not among those known: it equals nothing. */
export const NO_KEY = -1;

/**
 * Numbers the different keys of some rows, so that the rows of another table can be looked up among them. A key is a tuple
 * of typed values compared part by part, never a joined text: ("1", "23") and ("12", "3") are different.
 */
export class RowKeys {
  readonly codes: Int32Array;
  /** How many different keys there are. */
  readonly size: number;
  /** Per column: the values, numbered; and the pairs of the key so far and the value, numbered. */
  readonly #values: Map<Cell, number>[] = [];
  readonly #pairs: Map<number, number>[] = [];

  private constructor(columns: readonly Column[]) {
    let codes: Int32Array = new Int32Array(columns[0]!.values.length);
    for (const column of columns) {
      const values = new Map<Cell, number>();
      const pairs = new Map<number, number>();
      const cells = cellCodes(column, (cell) => numbered(values, cell));
      this.#values.push(values);
      this.#pairs.push(pairs);
      codes = combine(codes, cells, (key, cell) => numbered(pairs, pairOf(key, cell)));
    }
    this.codes = codes;
    this.size = this.#pairs.at(-1)!.size;
  }

  static of(columns: readonly Column[]): RowKeys {
    return new RowKeys(columns);
  }

  /** For each row of another table the code of its key. */
  codesOf(columns: readonly Column[]): Int32Array {
    let codes: Int32Array = new Int32Array(columns[0]!.values.length);
    columns.forEach((column, index) => {
      const values = this.#values[index]!;
      const pairs = this.#pairs[index]!;
      const cells = cellCodes(column, (cell) => values.get(cell) ?? NO_KEY);
      codes = combine(codes, cells, (key, cell) => pairs.get(pairOf(key, cell)) ?? NO_KEY);
    });
    return codes;
  }
}

/** Pairs are exact below 2^53: for up to 67 million different keys and 134 million different values. */
const PAIR_BASE = 2 ** 27;

const pairOf = (key: number, cell: number): number => key * PAIR_BASE + cell;

function numbered<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

function combine(
  keys: Int32Array,
  cells: Int32Array,
  join: (key: number, cell: number) => number,
): Int32Array {
  const out = new Int32Array(keys.length);
  for (let row = 0; row < out.length; row++) {
    const [key, cell] = [keys[row]!, cells[row]!];
    out[row] = key === NO_KEY || cell === NO_KEY ? NO_KEY : join(key, cell);
  }
  return out;
}

function cellCodes(column: Column, codeOf: (cell: Cell) => number): Int32Array {
  const codes = new Int32Array(column.values.length);
  // Text is looked up once per entry that a row uses, in the order of the rows.
  const entries = column.type === 'string' ? new Map<number, number>() : null;
  for (let row = 0; row < codes.length; row++) {
    if (!isPresent(column, row)) {
      codes[row] = NO_KEY;
    } else if (entries !== null && column.type === 'string') {
      const entry = column.values[row]!;
      let code = entries.get(entry);
      if (code === undefined) {
        code = codeOf(column.dictionary[entry]!);
        entries.set(entry, code);
      }
      codes[row] = code;
    } else {
      codes[row] = codeOf(canonical(column.values[row]!));
    }
  }
  return codes;
}

/** A whole number is the same whether its column happens to be kept in 53 or in 64 bits. */
const canonical = (value: number | bigint): Cell =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;

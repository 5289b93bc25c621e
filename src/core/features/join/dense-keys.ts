import { UNKNOWN_KEY } from '../../../numerics/windows/index.ts';
import { FalajError } from '../../../shared/errors.ts';
import { type Column, isPresent, isWideInteger } from '../../../shared/table/column.ts';

export interface DenseKeys {
  /** One id per history row; UNKNOWN_KEY where a part of the key is null. */
  readonly history: Uint32Array;
  /** The same ids per spine row; UNKNOWN_KEY where the key is null or has no history. */
  readonly spine: Uint32Array;
}

/**
 * Gives equal composite keys of history and spine the same small number. Keys are compared part by part as typed values,
 * never as joined text; a part of another type is refused.
 */
export function denseKeys(
  parts: readonly { readonly name: string; readonly history: Column; readonly spine: Column }[],
  rows: { readonly history: number; readonly spine: number },
): DenseKeys {
  let keys: DenseKeys = { history: new Uint32Array(rows.history), spine: new Uint32Array(rows.spine) };
  parts.forEach(({ name, history, spine }, index) => {
    if (history.type !== spine.type) {
      throw new FalajError(
        'TYPE_MISMATCH',
        `Key "${name}" is ${history.type} in the features but ${spine.type} in the entities.`,
        {
          hint: 'Give both the same type: a text "7" never equals the number 7.',
          details: { key: name, features: history.type, entities: spine.type },
        },
      );
    }
    const part = partIds(history, spine);
    keys = index === 0 ? part : combine(keys, part);
  });
  return keys;
}

function partIds(history: Column, spine: Column): DenseKeys {
  const ids = new Map<string | number | bigint, number>();
  const idOf = (value: string | number | bigint): number => {
    const known = ids.get(value);
    if (known !== undefined) return known;
    ids.set(value, ids.size);
    return ids.size - 1;
  };
  const historyIds = mapRows(history, idOf);
  const spineIds = mapRows(spine, (value) => ids.get(value) ?? UNKNOWN_KEY);
  return { history: historyIds, spine: spineIds };
}

function mapRows(column: Column, idOf: (value: string | number | bigint) => number): Uint32Array {
  const rows = column.values.length;
  const out = new Uint32Array(rows);
  if (column.type === 'string') {
    // Each dictionary entry is looked up once, however many rows have it.
    const idOfCode = column.dictionary.map((text) => idOf(text));
    for (let row = 0; row < rows; row++) out[row] = idOfCode[column.values[row]!] ?? UNKNOWN_KEY;
  } else if (isWideInteger(column)) {
    // Integers that fit a double have the same identity whichever array they came in.
    for (let row = 0; row < rows; row++) out[row] = idOf(asNumberIfExact(column.values[row]!));
  } else {
    for (let row = 0; row < rows; row++) out[row] = idOf(column.values[row]!);
  }
  if (column.validity !== null) {
    for (let row = 0; row < rows; row++) if (!isPresent(column, row)) out[row] = UNKNOWN_KEY;
  }
  return out;
}

const asNumberIfExact = (value: bigint): number | bigint =>
  BigInt.asIntN(54, value) === value ? Number(value) : value;

/** Numbers pairs of ids anew, so that the ids stay dense however many parts a key has. */
function combine(first: DenseKeys, second: DenseKeys): DenseKeys {
  const width = 1 + second.history.reduce((most, id) => (id === UNKNOWN_KEY ? most : Math.max(most, id)), 0);
  const ids = new Map<number, number>();
  const history = new Uint32Array(first.history.length);
  for (let row = 0; row < history.length; row++) {
    const a = first.history[row]!;
    const b = second.history[row]!;
    if (a === UNKNOWN_KEY || b === UNKNOWN_KEY) {
      history[row] = UNKNOWN_KEY;
      continue;
    }
    const pair = a * width + b;
    let id = ids.get(pair);
    if (id === undefined) {
      id = ids.size;
      ids.set(pair, id);
    }
    history[row] = id;
  }
  const spine = new Uint32Array(first.spine.length);
  for (let row = 0; row < spine.length; row++) {
    const a = first.spine[row]!;
    const b = second.spine[row]!;
    spine[row] =
      a === UNKNOWN_KEY || b === UNKNOWN_KEY || b >= width
        ? UNKNOWN_KEY
        : (ids.get(a * width + b) ?? UNKNOWN_KEY);
  }
  return { history, spine };
}

import { UNKNOWN_KEY } from '../../../../numerics/windows/index.ts';
import type { Column } from '../../../../shared/table/column.ts';
import { IdTable, type KeptIdTable } from './id-table.ts';

/** One part of a history's key, in arrays that threads can share. */
export type HistoryKeyPart = {
  /** One byte a row, 0 = null; null when every row has the part. */
  readonly validity: Uint8Array | null;
} & (
  | {
      /** Text and truth: a code a row, below `count`; distinct codes are distinct values. */
      readonly kind: 'codes';
      readonly codes: Uint32Array;
      readonly count: number;
    }
  | {
      /** Numbers and times by their 64 bits, two words a row. */
      readonly kind: 'words';
      readonly words: Int32Array;
    }
);

/** How keys are numbered: per part, and then per pair of what came before and the next part. */
export interface KeyIndex {
  /** Null for a part that has codes. */
  readonly parts: readonly (KeptIdTable | null)[];
  readonly pairs: readonly KeptIdTable[];
}

export interface HistoryKeys {
  /** One id a row; UNKNOWN_KEY where a part of the key is null. */
  readonly ids: Uint32Array;
  readonly index: KeyIndex;
}

export function historyKeyPart(column: Column): HistoryKeyPart {
  const { validity } = column;
  if (column.type === 'string')
    return { kind: 'codes', codes: column.values, count: column.dictionary.length, validity };
  if (column.type === 'bool')
    return { kind: 'codes', codes: Uint32Array.from(column.values), count: 2, validity };
  return { kind: 'words', words: wordsOf(column.values), validity };
}

export const wordsOf = ({ buffer, byteOffset, length }: Float64Array | BigInt64Array): Int32Array =>
  new Int32Array(buffer, byteOffset, 2 * length);

/** Gives equal keys the same small number. Keys are compared part by part as typed values, never as joined text. */
export function historyKeys(parts: readonly HistoryKeyPart[], rows: number): HistoryKeys {
  const tables: (KeptIdTable | null)[] = [];
  const pairs: KeptIdTable[] = [];
  let ids: Uint32Array = new Uint32Array(rows);
  parts.forEach((part, index) => {
    const table = part.kind === 'words' ? new IdTable() : null;
    const own = part.kind === 'words' ? numbered(part.words, table!) : part.codes.slice();
    if (part.validity !== null) unknownWhereNull(own, part.validity);
    tables.push(table === null ? null : table.keep());
    if (index === 0) ids = own;
    else {
      const pair = new IdTable();
      numberPairs(ids, own, pair);
      pairs.push(pair.keep());
    }
  });
  return { ids, index: { parts: tables, pairs } };
}

function numbered(words: Int32Array, table: IdTable): Uint32Array {
  const ids = new Uint32Array(words.length / 2);
  for (let row = 0; row < ids.length; row++) ids[row] = table.idOf(words[2 * row]!, words[2 * row + 1]!);
  return ids;
}

/** In place of the first. */
function numberPairs(first: Uint32Array, second: Uint32Array, table: IdTable): void {
  for (let row = 0; row < first.length; row++) {
    const isKnown = first[row] !== UNKNOWN_KEY && second[row] !== UNKNOWN_KEY;
    first[row] = isKnown ? table.idOf(first[row]! | 0, second[row]! | 0) : UNKNOWN_KEY;
  }
}

export function unknownWhereNull(ids: Uint32Array, validity: Uint8Array): void {
  for (let row = 0; row < ids.length; row++) if (validity[row] === 0) ids[row] = UNKNOWN_KEY;
}

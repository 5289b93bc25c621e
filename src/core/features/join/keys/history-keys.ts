import { UNKNOWN_KEY } from '../../../../numerics/windows/index.ts';
import { type Column, isWideInteger } from '../../../../shared/table/column.ts';
import { type DenseIntegers, denseIds, denseIntegers } from './dense-integers.ts';
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
      /** Whole numbers that a double holds. */
      readonly kind: 'integers';
      readonly integers: Float64Array;
    }
  | {
      /** Wider numbers and times by their 64 bits, two words a row. */
      readonly kind: 'words';
      readonly words: Int32Array;
    }
);

/** How the values of a part are numbered; codes are numbers already. */
export type PartIndex =
  | { readonly kind: 'codes' }
  | { readonly kind: 'dense'; readonly range: DenseIntegers }
  | { readonly kind: 'table'; readonly table: KeptIdTable };

/** How keys are numbered: per part, and then per pair of what came before and the next part. */
export interface KeyIndex {
  readonly parts: readonly PartIndex[];
  readonly pairs: readonly KeptIdTable[];
}

export interface HistoryKeys {
  /** One id a row; UNKNOWN_KEY where a part of the key is null. */
  readonly ids: Uint32Array;
  readonly index: KeyIndex;
}

/** A key column of the history, as keys are numbered by. */
export function historyKeyPart(column: Column): HistoryKeyPart {
  const { validity } = column;
  if (column.type === 'string')
    return { kind: 'codes', codes: column.values, count: column.dictionary.length, validity };
  if (column.type === 'bool')
    return { kind: 'codes', codes: Uint32Array.from(column.values), count: 2, validity };
  if (column.type === 'int64' && !isWideInteger(column))
    return { kind: 'integers', integers: column.values, validity };
  return { kind: 'words', words: wordsOf(column.values), validity };
}

/** The same memory as 32-bit words, two a value. */
export const wordsOf = ({ buffer, byteOffset, length }: Float64Array | BigInt64Array): Int32Array =>
  new Int32Array(buffer, byteOffset, 2 * length);

/** Gives equal keys the same small number. Keys are compared part by part as typed values, never as joined text. */
export function historyKeys(parts: readonly HistoryKeyPart[], rows: number): HistoryKeys {
  const indexes: PartIndex[] = [];
  const pairs: KeptIdTable[] = [];
  let ids: Uint32Array = new Uint32Array(rows);
  parts.forEach((part, at) => {
    const { ids: own, index } = numbered(part);
    if (part.validity !== null) unknownWhereNull(own, part.validity);
    indexes.push(index);
    if (at === 0) ids = own;
    else {
      const pair = new IdTable();
      numberPairs(ids, own, pair);
      pairs.push(pair.keep());
    }
  });
  return { ids, index: { parts: indexes, pairs } };
}

function numbered(part: HistoryKeyPart): { readonly ids: Uint32Array; readonly index: PartIndex } {
  if (part.kind === 'codes') return { ids: part.codes.slice(), index: { kind: 'codes' } };
  const range = part.kind === 'integers' ? denseIntegers(part.integers, part.validity) : null;
  if (part.kind === 'integers' && range !== null)
    return { ids: denseIds(part.integers, range), index: { kind: 'dense', range } };
  const words = part.kind === 'integers' ? wordsOf(part.integers) : part.words;
  const table = new IdTable();
  const ids = new Uint32Array(words.length / 2);
  for (let row = 0; row < ids.length; row++) ids[row] = table.idOf(words[2 * row]!, words[2 * row + 1]!);
  return { ids, index: { kind: 'table', table: table.keep() } };
}

/** In place of the first. */
function numberPairs(first: Uint32Array, second: Uint32Array, table: IdTable): void {
  for (let row = 0; row < first.length; row++) {
    const isKnown = first[row] !== UNKNOWN_KEY && second[row] !== UNKNOWN_KEY;
    first[row] = isKnown ? table.idOf(first[row]! | 0, second[row]! | 0) : UNKNOWN_KEY;
  }
}

/** In place: a key without one of its parts is no key. */
export function unknownWhereNull(ids: Uint32Array, validity: Uint8Array): void {
  for (let row = 0; row < ids.length; row++) if (validity[row] === 0) ids[row] = UNKNOWN_KEY;
}

import { UNKNOWN_KEY } from '../../../../numerics/windows/index.ts';
import { FalajError } from '../../../../shared/errors.ts';
import { type Column, isWideInteger } from '../../../../shared/table/column.ts';
import { shared } from '../compute/shared-memory.ts';
import { denseIds } from './dense-integers.ts';
import { type KeyIndex, type PartIndex, unknownWhereNull, wordsOf } from './history-keys.ts';
import { IdTable } from './id-table.ts';

/** One part of the keys of some spine rows, in the history's terms. */
export type SpineKeyPart = { readonly validity: Uint8Array | null } & (
  | {
      readonly kind: 'codes';
      readonly codes: Uint32Array;
      /** The history's code for each of the spine's, UNKNOWN_KEY for what it does not have. */
      readonly historyCode: Uint32Array;
    }
  | { readonly kind: 'integers'; readonly integers: Float64Array }
  | { readonly kind: 'words'; readonly words: Int32Array }
);

/**
 * A key column of the spine as the history's column has it.
 *
 * @throws TYPE_MISMATCH when they are of two types: a text "7" never equals the number 7.
 */
export function spineKeyPart(name: string, history: Column, spine: Column): SpineKeyPart {
  const { validity } = spine;
  if (history.type === 'string' && spine.type === 'string') {
    return { kind: 'codes', codes: spine.values, historyCode: translated(spine, history), validity };
  }
  if (history.type === 'bool' && spine.type === 'bool') {
    return {
      kind: 'codes',
      codes: Uint32Array.from(spine.values),
      historyCode: Uint32Array.of(0, 1),
      validity,
    };
  }
  if (history.type !== spine.type || spine.type === 'string' || spine.type === 'bool') {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Key "${name}" is ${history.type} in the features but ${spine.type} in the entities.`,
      {
        hint: 'Give both the same type: a text "7" never equals the number 7.',
        details: { key: name, features: history.type, entities: spine.type },
      },
    );
  }
  if (isWideInteger(history)) return { kind: 'words', words: wordsOf(asIntegers(spine.values)), validity };
  const values = asDoubles(spine.values);
  return history.type === 'int64'
    ? { kind: 'integers', integers: values, validity }
    : { kind: 'words', words: wordsOf(values), validity };
}

/** The part with arrays that reach a thread without a copy. */
export function sharedKeyPart(part: SpineKeyPart): SpineKeyPart {
  const validity = part.validity === null ? null : shared(part.validity);
  if (part.kind === 'integers') return { ...part, integers: shared(part.integers), validity };
  if (part.kind === 'words') return { ...part, words: shared(part.words), validity };
  return { ...part, codes: shared(part.codes), historyCode: shared(part.historyCode), validity };
}

/** The rows `from` to `to` of a part, in the same memory. */
export function keyPartRows(part: SpineKeyPart, from: number, to: number): SpineKeyPart {
  const validity = part.validity?.subarray(from, to) ?? null;
  if (part.kind === 'codes') return { ...part, codes: part.codes.subarray(from, to), validity };
  if (part.kind === 'integers') return { ...part, integers: part.integers.subarray(from, to), validity };
  return { ...part, words: part.words.subarray(2 * from, 2 * to), validity };
}

/** The history's key ids of spine rows; UNKNOWN_KEY where the key is null or has no history. */
export function spineKeyIds(parts: readonly SpineKeyPart[], index: KeyIndex, rows: number): Uint32Array {
  let ids: Uint32Array = new Uint32Array(rows);
  parts.forEach((part, at) => {
    const own = partIds(part, index.parts[at]!);
    if (part.validity !== null) unknownWhereNull(own, part.validity);
    if (at === 0) ids = own;
    else findPairs(ids, own, new IdTable(index.pairs[at - 1]!));
  });
  return ids;
}

function translated(
  spine: { readonly dictionary: readonly string[] },
  history: { readonly dictionary: readonly string[] },
): Uint32Array {
  const codes = new Map(history.dictionary.map((text, code) => [text, code]));
  return Uint32Array.from(spine.dictionary, (text) => codes.get(text) ?? UNKNOWN_KEY);
}

const asIntegers = (values: Float64Array | BigInt64Array): BigInt64Array =>
  values instanceof BigInt64Array ? values : BigInt64Array.from(values, BigInt);

/** What a double cannot hold becomes NaN, which no key is. */
function asDoubles(values: Float64Array | BigInt64Array): Float64Array {
  if (values instanceof Float64Array) return values;
  return Float64Array.from(values, (value) =>
    BigInt.asIntN(54, value) === value ? Number(value) : Number.NaN,
  );
}

function partIds(part: SpineKeyPart, index: PartIndex): Uint32Array {
  if (part.kind === 'codes') return decoded(part.codes, part.historyCode);
  if (part.kind === 'integers' && index.kind === 'dense') return denseIds(part.integers, index.range);
  const words = part.kind === 'integers' ? wordsOf(part.integers) : part.words;
  if (index.kind === 'table') return found(words, new IdTable(index.table));
  throw new Error(`Key parts of the kind "${part.kind}" are not looked up by "${index.kind}".`);
}

function found(words: Int32Array, table: IdTable): Uint32Array {
  const ids = new Uint32Array(words.length / 2);
  // −1 is UNKNOWN_KEY in 32 bits.
  for (let row = 0; row < ids.length; row++) ids[row] = table.find(words[2 * row]!, words[2 * row + 1]!);
  return ids;
}

function decoded(codes: Uint32Array, historyCode: Uint32Array): Uint32Array {
  const ids = new Uint32Array(codes.length);
  for (let row = 0; row < ids.length; row++) ids[row] = historyCode[codes[row]!] ?? UNKNOWN_KEY;
  return ids;
}

/** In place of the first. */
function findPairs(first: Uint32Array, second: Uint32Array, table: IdTable): void {
  for (let row = 0; row < first.length; row++) {
    const isKnown = first[row] !== UNKNOWN_KEY && second[row] !== UNKNOWN_KEY;
    first[row] = isKnown ? table.find(first[row]! | 0, second[row]! | 0) : UNKNOWN_KEY;
  }
}

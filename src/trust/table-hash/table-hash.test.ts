import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Column } from '../../shared/table/column.ts';
import { presentColumn } from '../../shared/table/present-column.ts';
import { BLOCK_ROWS, combineHashes, hashBlocks, hashColumn, joinBlocks } from './table-hash.ts';

const floats = (values: readonly number[], validity: Uint8Array | null = null): Column => ({
  name: 'x',
  type: 'float64',
  values: Float64Array.from(values),
  validity,
});
const whole = (values: readonly number[]): Column => ({ ...floats(values), type: 'int64' }) as Column;
const text = (
  codes: readonly number[],
  dictionary: readonly string[],
  validity: Uint8Array | null,
): Column => ({
  name: 'x',
  type: 'string',
  values: Uint32Array.from(codes),
  dictionary,
  validity,
});

describe('the hash of a column', () => {
  it('is SHA-256 over its blocks’ presence and values, which anyone can compute', () => {
    const bytes = Buffer.alloc(3 + 16);
    bytes.set([1, 0, 1]);
    bytes.writeDoubleLE(1.5, 3);
    bytes.writeDoubleLE(Number.NEGATIVE_INFINITY, 11);
    expect(hashColumn(floats([1.5, 99, Number.NEGATIVE_INFINITY], Uint8Array.of(1, 0, 1)))).toEqual({
      name: 'x',
      type: 'float64',
      digest: createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest('hex'),
      bytes: 19,
      nulls: 1,
    });
  });

  it('does not see what lies under a null', () => {
    const validity = Uint8Array.of(1, 0);
    expect(hashColumn(floats([1, 2], validity))).toEqual(hashColumn(floats([1, 3], validity)));
    expect(hashColumn(text([0, 0], ['a'], validity))).toEqual(hashColumn(text([0, 1], ['a', 'b'], validity)));
  });

  it('takes every NaN for the same, and tells it from null, and 0 from −0', () => {
    const odd = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n]).buffer);
    const digest = (column: Column): string => hashColumn(column).digest;
    expect(digest(floats([odd[0]!]))).toBe(digest(floats([Number.NaN])));
    expect(digest(floats([Number.NaN]))).not.toBe(digest(floats([Number.NaN], Uint8Array.of(0))));
    expect(digest(floats([0]))).not.toBe(digest(floats([-0])));
  });

  it('does not depend on how integers are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 20 }), (values) => {
        const wide: Column = { ...whole([]), type: 'int64', values: BigInt64Array.from(values, BigInt) };
        return hashColumn(whole(values)).digest === hashColumn(wide).digest;
      }),
    );
  });

  it('does not depend on the order of a dictionary, nor on entries that no row has', () => {
    const one = text([0, 1, 0], ['دبي', 'Dubai'], null);
    expect(hashColumn(text([2, 0, 2], ['Dubai', 'Ajman', 'دبي'], null))).toEqual(hashColumn(one));
    expect(hashColumn(text([0, 1], ['ab', 'c'], null)).digest).not.toBe(
      hashColumn(text([0, 1], ['a', 'bc'], null)).digest,
    );
  });

  it('is the same whether presence is said or understood, over blocks of any number', () => {
    const rows = 65_536 + 3;
    const values = Array.from({ length: rows }, (_, row) => row / 3);
    const all = new Uint8Array(rows).fill(1);
    expect(hashColumn(floats(values))).toEqual(hashColumn(floats(values, all)));
    expect(hashColumn(floats(values)).bytes).toBe(9 * rows);
  });

  it('comes of its stretches as of the whole, whatever is null in each', () => {
    const rows = 2 * BLOCK_ROWS + 5;
    const values = Array.from({ length: rows }, (_, row) => (row % 11 === 0 ? Number.NaN : row / 3));
    const validity = Uint8Array.from(values, (_, row) => (row < BLOCK_ROWS ? 1 : row % 3 === 0 ? 0 : 1));
    const whole = floats(values, validity);
    const stretch = (from: number, to: number): Column => ({
      ...floats(values.slice(from, to), validity.slice(from, to)),
    });
    const parts = [stretch(0, BLOCK_ROWS), stretch(BLOCK_ROWS, rows)].map((part) =>
      hashBlocks(presentColumn(part)),
    );
    expect(joinBlocks(whole, parts)).toEqual(hashColumn(whole));
    expect(parts[0]!.nulls).toBe(0);
  });
});

describe('the hash of a table', () => {
  const a = { ...hashColumn(floats([1])), name: 'a' };
  const b = { ...hashColumn(floats([2])), name: 'b' };

  it('depends on the order, names and types of the columns and on the number of rows', () => {
    const digest = combineHashes(1, [a, b]).digest;
    const others = [
      combineHashes(1, [b, a]),
      combineHashes(2, [a, b]),
      combineHashes(1, [{ ...a, name: 'c' }, b]),
      combineHashes(1, [{ ...a, type: 'date' as const }, b]),
      combineHashes(1, [a]),
    ];
    expect(new Set([digest, ...others.map((other) => other.digest)]).size).toBe(6);
    expect(combineHashes(1, [a, b])).toEqual({ digest, bytes: 18 });
  });
});

import { describe, expect, it } from 'vitest';
import { cellToJson, type Table } from '../../shared/table/column.ts';
import type { LogicalValues } from './duckdb/logical.ts';
import type { RowGroup } from './segment/writer.ts';
import { TableBuilder } from './table-builder.ts';

const group = (
  values: LogicalValues,
  validity: Uint8Array | null = null,
  fresh: readonly string[] = [],
): RowGroup => ({ rows: values.length, columns: [{ values, validity, fresh }] });

const cells = ({ rows, columns }: Table): unknown[] =>
  Array.from({ length: rows }, (_, row) => cellToJson(columns[0]!, row));

describe('a table built of row groups', () => {
  it('grows beyond what was promised, whatever comes: nulls late, and integers too wide for doubles', () => {
    const builder = new TableBuilder([{ name: 'x', type: 'int64' }], 1, 'shared');
    builder.add(group(Float64Array.from({ length: 3000 }, (_, row) => row)));
    builder.add(group(Float64Array.of(7, 0), Uint8Array.of(1, 0)));
    builder.add(group(BigInt64Array.of(2n ** 60n)));
    builder.add(group(Float64Array.from({ length: 5000 }, () => 9)));
    const table = builder.table();
    const shown = cells(table);
    expect(table.rows).toBe(8003);
    expect(shown.slice(2999, 3004)).toEqual(['2999', '7', null, String(2n ** 60n), '9']);
    expect(shown.at(-1)).toBe('9');
    expect(table.columns[0]!.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('gathers the texts of all groups', () => {
    const builder = new TableBuilder([{ name: 'x', type: 'string' }], null, 'own');
    builder.add(group(Uint32Array.of(0, 1), null, ['دبي', 'Dubai']));
    builder.add(group(Uint32Array.of(1, 2), Uint8Array.of(1, 1), ['Ajman']));
    expect(cells(builder.table())).toEqual(['دبي', 'Dubai', 'Dubai', 'Ajman']);
  });

  it('takes no memory for rows that are only promised', () => {
    const columns = Array.from({ length: 10_000 }, (_, at) => ({ name: `x${at}`, type: 'float64' }) as const);
    const builder = new TableBuilder(columns, 1e12, 'shared');
    expect(builder.table()).toMatchObject({ rows: 0 });
    expect(builder.table().columns[0]!.values.buffer.byteLength).toBeLessThanOrEqual(27_000);
  });
});

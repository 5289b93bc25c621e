import { expect, it } from 'vitest';
import { type Column, cellToJson } from '../../shared/table/column.ts';
import { gatherColumn } from './gather-column.ts';

it.each<[Column, readonly unknown[]]>([
  [{ name: 'n', type: 'float64', validity: null, values: Float64Array.of(1, 2, 3) }, [3, 1, 3]],
  [
    { name: 'n', type: 'int64', validity: Uint8Array.of(1, 1, 0), values: BigInt64Array.of(7n, 8n, 0n) },
    [null, '7', null],
  ],
  [{ name: 'b', type: 'bool', validity: null, values: Uint8Array.of(1, 0, 0) }, [false, true, false]],
  [
    {
      name: 's',
      type: 'string',
      validity: Uint8Array.of(0, 1, 1),
      values: Uint32Array.of(0, 1, 0),
      dictionary: ['دبي', 'b'],
    },
    ['دبي', null, 'دبي'],
  ],
])('takes the rows that are named, in their order: $0.type', (column, wanted) => {
  const gathered = gatherColumn(column, [2, 0, 2]);
  expect([0, 1, 2].map((row) => cellToJson(gathered, row))).toEqual(wanted);
});

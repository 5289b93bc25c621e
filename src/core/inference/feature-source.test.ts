import { describe, expect, it } from 'vitest';
import type { Table } from '../../shared/table/column.ts';
import type { ModelFeature } from '../registry/index.ts';
import { tableSource } from './feature-source.ts';

const rows: Table = {
  rows: 1,
  columns: [{ name: 'amuont', type: 'float64', validity: null, values: Float64Array.of(1) }],
};
const feature = (name: string) => ({ name, type: 'float64' }) as ModelFeature;

describe('rows without a column that the model reads', () => {
  it.each([
    ['amount', 'Did you mean "amuont"?'],
    ['weekday', 'by expressions and from feature views, need not be there'],
  ])('are refused with what to do: %s', (name, hint) => {
    expect(() => tableSource(rows, [feature(name)])).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_COLUMN',
        message: `The model needs the column ${name}, which is not there.`,
        hint: expect.stringContaining(hint),
      }),
    );
  });
});

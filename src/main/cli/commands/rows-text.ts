import { formatNumber, type TextColumn, textTable, valueText } from '../text-table.ts';

type Cell = string | number | boolean | null;

export interface RowsValue {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly Cell[])[];
  readonly totalRows: number;
}

/** Rows as text, with how many more there are. */
export const textRows = (value: RowsValue): string =>
  `${rowsTable(value)}\n${formatNumber(value.rows.length)} of ${formatNumber(value.totalRows)} rows`;

export const rowsTable = ({ columns, rows }: Omit<RowsValue, 'totalRows'>): string =>
  textTable(
    rows,
    columns.map(({ name }, index): TextColumn<readonly Cell[]> => {
      const numbers = rows.every((row) => typeof row[index] === 'number' || row[index] === null);
      return [name, (row) => valueText(row[index] ?? null), numbers ? 'right' : 'left'];
    }),
    'No rows.',
  );

export const cellText = (cell: Cell): string | number | null =>
  typeof cell === 'boolean' ? String(cell) : cell;

import type { ColumnType } from '../../../shared/table/column.ts';
import { Code } from '../../components/code.tsx';
import type { TableColumn } from '../../components/data-table.tsx';

/** What every table of features begins with. */
export const nameAndType = <Row extends { readonly name: string; readonly type: ColumnType }>(
  headers: { readonly name: string; readonly type: string },
  nameWidth: string,
): readonly TableColumn<Row>[] => [
  {
    id: 'name',
    header: headers.name,
    width: nameWidth,
    value: ({ name }) => name,
    cell: ({ name }) => <Code>{name}</Code>,
  },
  {
    id: 'type',
    header: headers.type,
    width: '100px',
    value: ({ type }) => type,
    cell: ({ type }) => <Code>{type}</Code>,
  },
];

import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type VirtualColumn, VirtualTable } from './virtual-table.tsx';

export interface TableColumn<Row> extends Omit<VirtualColumn<Row>, 'sortable'> {
  /** What to sort by; a column without it cannot be sorted. */
  readonly value?: (row: Row) => string | number | null;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Where Enter or a click on the row leads. */
  readonly href?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly selectedKey?: string | null;
  /** The last rows have come into view: more may be asked for. */
  readonly onEnd?: () => void;
  readonly defaultSort?: { readonly id: string; readonly descending: boolean };
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

function compare(left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === null || left === undefined) return -1;
  if (right === null || right === undefined) return 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

/** A list of objects: sorted, virtual, moved through with arrows or j and k, opened with Enter. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, href, onOpen, selectedKey = null, onEnd, defaultSort } = props;
  const [sorting, setSorting] = useState<SortingState>(
    defaultSort === undefined ? [] : [{ id: defaultSort.id, desc: defaultSort.descending }],
  );
  const definitions = useMemo<ColumnDef<typeof features, Row, unknown>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: Row) => column.value?.(row) ?? null,
        enableSorting: column.value !== undefined,
        sortFn: (left, right, id) => compare(left.getValue(id), right.getValue(id)),
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    state: { sorting },
    onSortingChange: setSorting,
  });
  const ordered = table.getRowModel().rows;
  const shown = useMemo(
    () => columns.map((column) => ({ ...column, sortable: column.value !== undefined })),
    [columns],
  );
  const rowAt = useCallback((index: number) => ordered[index]?.original, [ordered]);
  const count = ordered.length;
  const [lastInView, setLastInView] = useState(0);
  const onView = useCallback((_first: number, last: number) => setLastInView(last), []);
  const atEnd = count > 0 && lastInView >= count - 1;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);
  const sorted = sorting[0];
  return (
    <VirtualTable
      label={label}
      columns={shown}
      total={count}
      rowAt={rowAt}
      rowKey={rowKey}
      href={href}
      onOpen={onOpen}
      selectedKey={selectedKey}
      sort={sorted === undefined ? null : { id: sorted.id, descending: sorted.desc }}
      onSort={({ id, descending }) => setSorting([{ id, desc: descending }])}
      onView={onView}
    />
  );
}

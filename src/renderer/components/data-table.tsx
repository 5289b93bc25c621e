// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed by hand, which a <table> cannot bear
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus moves by rows, not by cells
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid around the rows hears the keys
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { usePreference } from '../i18n/preferences-context.tsx';
import { cx } from './cx.ts';
import classes from './data-table.module.css';
import { rowMove } from './row-move.ts';

export interface TableColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track, such as `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** What to sort by; a column without it cannot be sorted. */
  readonly value?: (row: Row) => string | number | null;
  readonly cell: (row: Row) => ReactNode;
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
/** The rows' padding on both sides. */
const SIDES_PX = 12;
const ROW_HEIGHT = { dense: 28, comfortable: 36 } as const;

/** The least that a track takes: `minmax(120px, 2fr)` and `120px` are 120. */
const leastPixels = (track: string): number => Number(/(\d+)px/.exec(track)?.[1] ?? 0);

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
  const [, navigate] = useLocation();
  const density = usePreference('density');
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
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
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT[density],
    overscan: 12,
    scrollPaddingStart: 28,
  });
  const atEnd = ordered.length > 0 && (virtual.range?.endIndex ?? 0) >= ordered.length - 1;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);
  const template = columns.map(({ width }) => width).join(' ');
  const narrowest = columns.reduce((sum, { width }) => sum + leastPixels(width), 0);
  const current = Math.min(active, Math.max(0, ordered.length - 1));

  const open = (row: Row): void => {
    onOpen?.(row);
    if (href !== undefined) navigate(href(row));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget && !(event.target as HTMLElement).matches('[role=row]')) return;
    if (event.key === 'Enter') {
      const row = ordered[current];
      if (row !== undefined) open(row.original);
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 280) / ROW_HEIGHT[density]) - 2);
    const target = rowMove(event.key, current, ordered.length, page);
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setActive(target);
    virtual.scrollToIndex(target);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${String(target)}"]`)?.focus();
    });
  };

  return (
    <div ref={scroller} className={classes.scroller}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        aria-colcount={columns.length}
        className={classes.table}
        style={{ minInlineSize: narrowest + SIDES_PX }}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        <div role="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => {
            const sorted =
              sorting[0]?.id === column.id ? (sorting[0].desc ? 'descending' : 'ascending') : 'none';
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={column.value === undefined ? undefined : sorted}
                className={cx(classes.header, column.align === 'end' && classes.end)}
              >
                {column.value === undefined ? (
                  column.header
                ) : (
                  <button
                    type="button"
                    className={classes.sort}
                    onClick={() => setSorting([{ id: column.id, desc: sorted === 'ascending' }])}
                  >
                    {column.header}
                    {sorted === 'ascending' ? <IconArrowUp size={12} aria-hidden /> : null}
                    {sorted === 'descending' ? <IconArrowDown size={12} aria-hidden /> : null}
                  </button>
                )}
              </div>
            );
          })}
        </div>
        <div role="rowgroup" className={classes.body} style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = ordered[item.index];
            if (row === undefined) return null;
            const key = rowKey(row.original);
            const interactive = href !== undefined || onOpen !== undefined;
            return (
              <div
                key={key}
                role="row"
                tabIndex={item.index === current ? 0 : -1}
                data-list-row
                data-index={item.index}
                data-link={interactive ? true : undefined}
                aria-rowindex={item.index + 2}
                aria-selected={key === selectedKey}
                className={classes.row}
                style={{ gridTemplateColumns: template, transform: `translateY(${String(item.start)}px)` }}
                onFocus={() => setActive(item.index)}
                onClick={() => open(row.original)}
              >
                {columns.map((column) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    className={cx(classes.cell, column.align === 'end' && classes.end)}
                  >
                    {column.cell(row.original)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed by hand, which a <table> cannot bear
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus moves by rows, not by cells
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid around the rows hears the keys
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { usePreference } from '../i18n/preferences-context.tsx';
import { cx } from './cx.ts';
import classes from './data-table.module.css';
import { rowMove } from './row-move.ts';

export interface VirtualColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** A CSS grid track, such as `minmax(120px, 2fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  readonly sortable: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface TableSort {
  readonly id: string;
  readonly descending: boolean;
}

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly VirtualColumn<Row>[];
  readonly total: number;
  /** Undefined while the row is on its way. */
  readonly rowAt: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  /** Where Enter or a click on the row leads. */
  readonly href?: ((row: Row) => string) | undefined;
  readonly onOpen?: ((row: Row) => void) | undefined;
  readonly selectedKey?: string | null;
  readonly sort: TableSort | null;
  readonly onSort: (sort: TableSort) => void;
  /** When it changes, other rows are shown: the list begins at its top again. */
  readonly listKey?: string;
  /** Told which rows are in view. */
  readonly onView?: ((first: number, last: number) => void) | undefined;
}

/** The rows' padding on both sides. */
const SIDES_PX = 12;
const ROW_HEIGHT = { dense: 28, comfortable: 36 } as const;

/** The least that a track takes: `minmax(120px, 2fr)` and `120px` are 120. */
const leastPixels = (track: string): number => Number(/(\d+)px/.exec(track)?.[1] ?? 0);

/** Figures end where words begin: words after figures stand apart. */
const sidesOf = (
  columns: readonly { readonly align?: 'start' | 'end' }[],
  place: number,
): (string | false | undefined)[] => {
  const isEnd = columns[place]?.align === 'end';
  return [isEnd && classes.end, !isEnd && columns[place - 1]?.align === 'end' && classes.apart];
};

/** Any number of rows, of which those in view are there: moved through with arrows or j and k, opened with Enter. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const {
    label,
    columns,
    total,
    rowAt,
    rowKey,
    href,
    onOpen,
    selectedKey = null,
    sort,
    onSort,
    onView,
    listKey,
  } = props;
  const [, navigate] = useLocation();
  const density = usePreference('density');
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT[density],
    overscan: 12,
    scrollPaddingStart: 28,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is listed
  useEffect(() => {
    setActive(0);
    scroller.current?.scrollTo({ top: 0 });
  }, [listKey]);
  const first = virtual.range?.startIndex ?? 0;
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => onView?.(first, last), [onView, first, last]);
  const template = columns.map(({ width }) => width).join(' ');
  const narrowest = columns.reduce((sum, { width }) => sum + leastPixels(width), 0);
  const current = Math.min(active, Math.max(0, total - 1));

  const open = (row: Row): void => {
    onOpen?.(row);
    if (href !== undefined) navigate(href(row));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget && !(event.target as HTMLElement).matches('[role=row]')) return;
    if (event.key === 'Enter') {
      const row = rowAt(current);
      if (row !== undefined) open(row);
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 280) / ROW_HEIGHT[density]) - 2);
    const target = rowMove(event.key, current, total, page);
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
        aria-rowcount={total + 1}
        aria-colcount={columns.length}
        className={classes.table}
        style={{ minInlineSize: narrowest + SIDES_PX }}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        <div role="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
          {columns.map((column, place) => {
            const sorted = sort?.id === column.id ? (sort.descending ? 'descending' : 'ascending') : 'none';
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={column.sortable ? sorted : undefined}
                className={cx(classes.header, ...sidesOf(columns, place))}
              >
                {!column.sortable ? (
                  column.header
                ) : (
                  <button
                    type="button"
                    className={classes.sort}
                    onClick={() => onSort({ id: column.id, descending: sorted === 'ascending' })}
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
            const row = rowAt(item.index);
            const key = row === undefined ? `waiting ${String(item.index)}` : rowKey(row);
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
                aria-busy={row === undefined ? true : undefined}
                className={classes.row}
                style={{ gridTemplateColumns: template, transform: `translateY(${String(item.start)}px)` }}
                onFocus={() => setActive(item.index)}
                onClick={() => (row === undefined ? undefined : open(row))}
              >
                {columns.map((column, place) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    className={cx(classes.cell, ...sidesOf(columns, place))}
                  >
                    {row === undefined ? <span className={classes.waiting} /> : column.cell(row)}
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

// biome-ignore-all lint/a11y/useSemanticElements: virtual rows are placed by hand, which a <table> cannot bear
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus moves by rows, not by cells
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ColumnSchema } from '../../shared/table/column.ts';
import { usePreference } from '../i18n/preferences-context.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { CellValue } from './cell-value.tsx';
import { cx } from './cx.ts';
import classes from './row-grid.module.css';
import { rowMove } from './row-move.ts';
import { clampPosition, scrollScale, toPosition, toScrollTop, visibleRows } from './scaled-scroll.ts';

export type Cell = string | number | boolean | null;

export interface RowGridProps {
  readonly label: string;
  readonly columns: readonly ColumnSchema[];
  readonly totalRows: number;
  /** The row's cells, or undefined while they are on their way. */
  readonly row: (index: number) => readonly Cell[] | undefined;
  /** Told which rows are in view, so that their pages can be asked for. */
  readonly onView: (first: number, count: number) => void;
  readonly header: (column: ColumnSchema) => ReactNode;
  readonly headerHeight: number;
}

const ROW_HEIGHT = { dense: 28, comfortable: 36 } as const;
const WIDTHS: Readonly<Record<ColumnSchema['type'], number>> = {
  float64: 118,
  int64: 118,
  bool: 92,
  string: 150,
  timestamp: 186,
  date: 112,
};
const INDEX_WIDTH = 76;
const LETTER = 7.2;
const WIDEST = 240;

/** Wide enough for the type's values and, within reason, for the name. */
const widthOf = ({ name, type }: ColumnSchema): number =>
  Math.max(WIDTHS[type], Math.min(WIDEST, Math.ceil(name.length * LETTER) + 40));

const NUMERIC = new Set<ColumnSchema['type']>(['float64', 'int64']);

/** Rows of a table, virtual over any number of them; columns keep their left-to-right order in every language. */
export function RowGrid({ label, columns, totalRows, row, onView, header, headerHeight }: RowGridProps) {
  const density = usePreference('density');
  const format = useFormat();
  const rowHeight = ROW_HEIGHT[density];
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(400);
  const [position, setPosition] = useState(0);
  const [active, setActive] = useState(0);
  const expectedScrollTop = useRef(-1);
  const scale = scrollScale(totalRows, rowHeight, viewport);
  const view = visibleRows(clampPosition(position, scale), rowHeight, scale, totalRows);
  const template = `${String(INDEX_WIDTH)}px ${columns.map((column) => `${String(widthOf(column))}px`).join(' ')}`;
  const width = INDEX_WIDTH + columns.reduce((sum, column) => sum + widthOf(column), 0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() =>
      setViewport(Math.max(rowHeight, element.clientHeight - headerHeight)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [headerHeight, rowHeight]);

  useEffect(() => onView(view.first, view.count), [onView, view.first, view.count]);

  const moveTo = (target: number): void => {
    const next = clampPosition(target, scale);
    setPosition(next);
    const element = scroller.current;
    if (element === null) return;
    element.scrollTop = toScrollTop(next, scale);
    expectedScrollTop.current = element.scrollTop;
  };
  const moveToLatest = useRef(moveTo);
  moveToLatest.current = moveTo;
  const positionLatest = useRef(position);
  positionLatest.current = position;

  // React's wheel listeners are passive; this one must stop the browser's own, coarser scrolling.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY === 0 || event.shiftKey || event.ctrlKey) return;
      event.preventDefault();
      moveToLatest.current(positionLatest.current + event.deltaY * (event.deltaMode === 1 ? rowHeight : 1));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [rowHeight]);

  const onScroll = (): void => {
    const scrollTop = scroller.current?.scrollTop ?? 0;
    if (Math.abs(scrollTop - expectedScrollTop.current) < 1) return;
    expectedScrollTop.current = scrollTop;
    setPosition(toPosition(scrollTop, scale));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = rowMove(event.key, active, totalRows, Math.max(1, view.count - 2));
    if (target === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setActive(target);
    const top = target * rowHeight;
    if (top < position) moveTo(top);
    else if (top + rowHeight > position + viewport) moveTo(top + rowHeight - viewport);
  };

  return (
    <div className={classes.frame} dir="ltr">
      <div
        ref={scroller}
        role="grid"
        tabIndex={0}
        data-list-row
        aria-label={label}
        aria-rowcount={totalRows + 1}
        aria-colcount={columns.length + 1}
        className={classes.scroller}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div
          className={classes.content}
          role="presentation"
          style={{ blockSize: scale.elementHeight + headerHeight, inlineSize: width }}
        >
          <div
            role="row"
            aria-rowindex={1}
            className={classes.head}
            style={{ gridTemplateColumns: template, blockSize: headerHeight }}
          >
            <div role="columnheader" className={cx(classes.index, classes.corner)}>
              #
            </div>
            {columns.map((column) => (
              <div role="columnheader" key={column.name}>
                {header(column)}
              </div>
            ))}
          </div>
          <div role="rowgroup" className={classes.layer} style={{ insetBlockStart: headerHeight }}>
            {Array.from({ length: view.count }, (_, line) => {
              const index = view.first + line;
              const cells = row(index);
              return (
                <div
                  key={index}
                  role="row"
                  aria-rowindex={index + 2}
                  data-active={index === active ? true : undefined}
                  className={classes.row}
                  style={{
                    gridTemplateColumns: template,
                    inlineSize: width,
                    transform: `translateY(${String(view.offset + line * rowHeight)}px)`,
                  }}
                >
                  <div role="rowheader" className={classes.index}>
                    {format.integer(index + 1)}
                  </div>
                  {columns.map((column, place) => (
                    <div
                      key={column.name}
                      role="gridcell"
                      className={cx(classes.cell, NUMERIC.has(column.type) && classes.number)}
                    >
                      {cells === undefined ? (
                        <div className={classes.pending} />
                      ) : (
                        <CellValue type={column.type} value={cells[place] ?? null} />
                      )}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/**
 * Scrolling over more rows than a browser can lay out: Chromium stops near 33 million pixels, three million rows of
 * 28 px are 84 million. The scrolled element gets a height it can bear, and positions are mapped in proportion; wheel and
 * keys move by true pixels, so only dragging the thumb is coarse.
 */
export interface ScrollScale {
  /** Height of all rows, in true pixels. */
  readonly contentHeight: number;
  /** Height given to the element. */
  readonly elementHeight: number;
  readonly viewportHeight: number;
}

const BEARABLE_PX = 15_000_000;

export function scrollScale(rows: number, rowHeight: number, viewportHeight: number): ScrollScale {
  const contentHeight = rows * rowHeight;
  return { contentHeight, elementHeight: Math.min(contentHeight, BEARABLE_PX), viewportHeight };
}

const range = (height: number, viewport: number): number => Math.max(0, height - viewport);

export const clampPosition = (position: number, scale: ScrollScale): number =>
  Math.min(range(scale.contentHeight, scale.viewportHeight), Math.max(0, position));

/** The element's scrollTop to the true position. */
export function toPosition(scrollTop: number, scale: ScrollScale): number {
  const element = range(scale.elementHeight, scale.viewportHeight);
  if (element === 0) return 0;
  return clampPosition((scrollTop / element) * range(scale.contentHeight, scale.viewportHeight), scale);
}

/** The true position to the element's scrollTop. */
export function toScrollTop(position: number, scale: ScrollScale): number {
  const content = range(scale.contentHeight, scale.viewportHeight);
  if (content === 0) return 0;
  return (position / content) * range(scale.elementHeight, scale.viewportHeight);
}

/** Rows in view, with `first` at `offset` pixels (zero or less) from the viewport's start. */
export function visibleRows(position: number, rowHeight: number, scale: ScrollScale, rows: number) {
  const first = Math.min(Math.max(0, rows - 1), Math.floor(position / rowHeight));
  const count = Math.min(rows - first, Math.ceil(scale.viewportHeight / rowHeight) + 1);
  return { first, count: Math.max(0, count), offset: first * rowHeight - position };
}
